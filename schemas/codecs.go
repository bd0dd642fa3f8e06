package schemas

// The codecs of the records that travel on topics.
type (
	CommandCodec         = Codec[CommandEvent, *CommandEvent]
	AuthCodec            = Codec[AuthEvent, *AuthEvent]
	HTTPCodec            = Codec[HTTPEvent, *HTTPEvent]
	SessionCodec         = Codec[SessionEvent, *SessionEvent]
	TransferCodec        = Codec[TransferEvent, *TransferEvent]
	IntelCodec           = Codec[IntelEvent, *IntelEvent]
	EmailCodec           = Codec[EmailEvent, *EmailEvent]
	CanaryCodec          = Codec[CanaryEvent, *CanaryEvent]
	BehaviourCodec       = Codec[BehaviourEvent, *BehaviourEvent]
	IdentityLinkCodec    = Codec[IdentityLink, *IdentityLink]
	IdentitySummaryCodec = Codec[IdentitySummary, *IdentitySummary]
	RuleStateCodec       = Codec[RuleState, *RuleState]
	RetractionCodec      = Codec[Retraction, *Retraction]
	RuleHistoryCodec     = Codec[RuleHistory, *RuleHistory]
	AppliedCodec         = Codec[AppliedMarker, *AppliedMarker]
	RuleStatusCodec      = Codec[RuleStatus, *RuleStatus]
	MatchCodec           = Codec[Match, *Match]
	TagCodec             = Codec[Tag, *Tag]
	FiredCodec           = Codec[Fired, *Fired]
	SuppressedCodec      = Codec[Suppressed, *Suppressed]
	DeadLetterCodec      = Codec[DeadLetter, *DeadLetter]
)
