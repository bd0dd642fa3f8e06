package email

import (
	"regexp"
	"strings"
	"unicode"

	"github.com/ttpstream/ttpstream/rules/screen"
)

// What phishing, fraud and mass mail say. Each table entry is a way of asking,
// threatening or promising, not a sentence of one message.
var wordTraits = []struct {
	trait string
	says  string
}{
	{"body.urgency", `\b(urgent(ly)?|immediate(ly)? (action|attention|response|update)|as soon as possible|asap|within (the next )?(\d+|twenty[- ]?four|forty[- ]?eight|seventy[- ]?two) ?(-|business )?(hours?|hrs|days?)|act (now|fast|today|immediately)|final (notice|warning|reminder)|before it( i|')?s too late|expires? (today|soon|tomorrow|in)|time[- ]sensitive|do not delay|failure to|without delay|limited time)\b`},
	{"body.credential_request", `\b((verify|confirm|update|validate|re-?validate|re-?confirm|restore|re-?activate|unlock|review|provide|submit|enter|authenticate|keep) (\w+ ){0,4}(account|identity|password|passcode|credentials?|mailbox|e-?mail address|log-?in|sign-?in|billing (information|details)|personal (information|details)|card (number|details|information)|bank(ing)? (details|information)|social security|pin( number)?|information (with us|on file))|(click|follow|use|visit|go to|log ?in|sign ?in)[^.]{0,60}(link|button|here|below|above|page|form)?[^.]{0,60}(verify|confirm|validate|restore|re-?activate|unlock|update your|avoid (suspension|closure|deactivation|termination)|keep (using|same|current) password|secure your account|release (your )?(message|mail)s?)|(sign|log) ?-?in to (your )?(account|mailbox|webmail)|re-?enter your)\b`},
	{"body.account_threat", `\b(account|mailbox|access|service|card|e-?mail|profile|membership|password|subscription|storage)[^.]{0,60}\b(will be|has been|have been|was|is|being|is about to|may be|temporarily|be) (\w+ ){0,2}(suspended|limited|locked|restricted|closed|deactivated|disabled|terminated|blocked|deleted|cancel+ed|placed on hold|compromised|expir(e|ing|ed)|discontinued|shut ?down|interrupted|flagged)\b|\b(unusual|suspicious|unauthori[sz]ed|fraudulent|unrecogni[sz]ed|abnormal) (\w+ ){0,3}(activity|activities|sign-?in|log-?in|log ?on|access|attempts?|transactions?|use|charges?)\b|\b(exceeded|reached|over|almost full)[^.]{0,30}(quota|storage|mailbox|limit)|\b(suspension|termination|deactivation|closure) of (your )?(account|mailbox|service|access)`},
	{"body.payment", `\b(payment (is )?(due|overdue|pending|declined|failed|details|information|required|method)|past[- ]due|outstanding (balance|invoice|amount|payment)|remittance|pay(ment)? (the|this|your) (invoice|bill|amount)|process (a|the|this) (payment|transfer|wire)|unpaid)\b`},
	{"body.wire", `\b(wire (transfer|the|out|a )|bank transfer|swift (code|transfer)|swift/|iban|routing number|account number|same[- ]day (wire|payment|transfer)|initiate (a|the) (wire|transfer|payment)|beneficiary (account|bank|name))\b`},
	{"body.gift_card", `\b(gift ?cards?|itunes cards?|google play cards?|steam cards?|scratch (off )?(the )?(back|codes?))\b`},
	{"body.bank_change", `\b((chang|updat|modif)\w* (\w+ ){0,4}(bank(ing)?|direct deposit|payroll|account|payment) (details?|information|account|instructions?)|new (bank(ing)?|account|payment) (details?|information|instructions?)|direct deposit (\w+ ){0,4}(chang|updat|form))`},
	{"body.executive_ask", `\b(are you (available|at (your|the) desk|in the office|free)|i('m| am) (in|currently in|going into|about to (enter|go into)) (a|an|the) (meeting|conference)|(handle|run|do|need) (this|an?|some) (\w+ )?(task|errand|favou?r)|quick (task|favou?r|request|response)|can('t| ?not) (talk|take calls?|receive calls?)|kindly (get back|respond|reply|confirm|advise|treat)|keep (this|it) (confidential|between us|discreet)|let me know (when|if) you('re| are) available|i need you to|discreetly?)\b`},
	{"body.advance_fee", `\b(next of kin|late (husband|client|father|president|general|chief|mr)|deceased|beneficiary|inheritance|dormant account|foreign (partner|account|business partner)|transfer (of )?(the |this |these )?(sum|fund|money|amount)s?|(sum|amount|total) of (\(?us ?|usd ?|\$|€|£)|million (united states|us|u\.s\.?|dollars|pounds|euros|usd)|your (total |full )?(assistance|cooperation|trust)|strictly? confidential|utmost (good faith|secrecy|confidence|trust)|diplomat(ic)?|consignment|security company|god bless|risk[- ]free|contract(or)?s? (payment|overdue)|modalities|central bank|barrister|attorney to|remain(s)? unclaimed|\d+% (of the|for you|will be)|nigeria|ivory coast|burkina|sierra leone|zimbabwe|south africa|lagos|benin|abidjan|kabila|mobutu|abacha|sese ?seko)\b`},
	{"body.lottery", `\b(you (have |'ve )?(been )?(won|winner|selected|chosen)|lottery|winning (number|ticket|notification)|claim (your )?(prize|winnings?|reward|gift|bonus)|lucky (winner|draw|number)|congratulations[!,.]? you|sweepstakes|unclaimed (prize|reward|package))\b`},
	{"body.sextortion", `\b((i|we) (have )?(recorded|filmed|hacked|infected|installed|gained access)[^.]{0,80}(webcam|camera|video|device|malware|trojan|rat|browser|contacts)|your (webcam|camera) (was|has)|masturbat|adult (web ?)?sites?[^.]{0,80}(video|record|malware)|(send|pay|transfer)[^.]{0,60}(bitcoin|btc|monero)[^.]{0,200}(video|contacts|friends|publish|release|delete))`},
	{"body.generic_greeting", `^.{0,200}\b(dear (valued |esteemed |paypal |ebay |our )?(customer|client|user|member|friend|sir|madam|account (holder|owner)|beneficiary|cardholder|e-?mail user|web ?mail user|subscriber|winner|homeowner|home owner)|dear sir|hello (user|dear|friend)|attention[: ]|greetings of|good day|compliments of)`},
	{"body.offer", `\b(100% (free|guarantee|satisfaction|risk)|absolutely free|act now|additional income|as seen on|be your own boss|best (price|rate)s|bulk e?-?mail|cable (box|descrambler)|casino|cash bonus|consolidat\w+ (your )?(debt|bills)|credit (card|repair|report)s?|debt|earn (\$|up to|extra|money|thousands)|eliminate (your )?debt|financial freedom|for only \$|free (trial|gift|access|quote|membership|sample|info\w*|report|cd|dvd|vacation|offer|consultation)|get (out of debt|paid|rich)|home[- ]based|increase (sales|your)|insurance|interest rates?|investment|join millions|life insurance|limited[- ]time|lose weight|low(est)? (interest|mortgage|rate|price)s?|make (\$|money|thousands)|million e?-?mail|money[- ]back|mortgage|mlm|multi[- ]?level|no (cost|obligation|risk|credit check|fees|experience|catch|strings)|now only|online (pharmacy|degree|marketing|business)|opportunity|order (now|today)|promot\w+|refinanc\w+|risk[- ]free|satisfaction guaranteed|save (up to|big|\$|\d+%)|special (offer|promotion|price)|toner|unlimited|university diplom\w+|viagra|vacation|weight loss|work (from|at) home|xxx|your (own )?(home )?business)\b`},
	{"body.pills", `\b(viagra|cialis|levitra|phentermine|xanax|valium|ambien|human growth hormone|hgh|penis|breast|enlarge\w*|impoten\w*|erect\w*|libido|herbal (remed|supplement|viagra)|diet pills?|anti[- ]?aging|burn fat|weight loss|prescription (drug|med)\w*|pharmacy|xxx|hardcore|teens?|porn\w*|adult (site|web|entertainment|video|content)|sexy?|nude|webcams?|girls)\b`},
	{"body.easy_money", `\b(work (from|at) home|home[- ]based business|financial (freedom|independence)|extra income|be your own boss|make money|money[- ]making|earn (\$|up to|thousands|money|over|as much|from)|(\$|usd ?)[\d,]+ (a|per|every|each|in) (day|week|month|\d+)|mlm|multi[- ]?level|pyramid|residual income|downline|get rich|million(s)? (of )?(e-?mail )?addresses|bulk e-?mail|e-?mail marketing|target(ed)? e-?mails?|debt (free|consolidation|relief)|out of debt|bad credit|credit (repair|history|problems)|refinanc\w+|mortgage (rate|lender|loan|quote|broker|application)s?|lowest rates?|loan (approval|officer|application)|pre-?approved|online casino|sports ?book|betting|penny stock|stock (pick|alert|tip)s?|strong buy|otc ?bb|undervalued|investor(s)? (alert|report)|offshore|life insurance|term life|insurance quotes?|university diplom\w*|degree (program|from)|diploma|no (tests?|classes|books|interviews?)|cable (tv )?(descrambler|box|filter)|free cable|spy on|background check|toner cartridges?|ink ?jet|time ?share|free vacation|(all|fully) guaranteed)\b`},
	{"body.remove_line", `\b(to be (removed|taken off|excluded)|(be|get) removed|remove(d)? (from|yourself|your|me|in|link|instructions)|opt[- ]?out|(not wish|don'?t (want|wish)|no longer (wish|want)|rather not|prefer not|would like not) to (receive|get)|this (is not|isn'?t) (spam|unsolicited)|not (a )?spam|s\. ?1618|bill (s\.)?1618|section 301|one[- ]time (mailing|e-?mail|message)|received (this|our) (e-?mail|message|mailing|offer) (because|as|in error)|you (are receiving|received) this|subject (line|heading)? ?(of )?["'(]?remove|word ["']?remove|with ["']?remove|reply with)\b`},
	{"body.click_here", `\b(click (here|below|now|on|the|this)|visit (our|us|the) (web ?)?(site|page|link)|(follow|use|open) (this|the) (link|url)|clicking (here|on|below|the))\b`},
	{"body.shared_document", `\b((shared|sent) (you )?(a|an|the|some|\d+)? ?(secure |encrypted |new |important )?(document|file|folder|fax|voicemail|invoice|message|pdf)s?( with you)?|(view|open|review|download|access|see|listen to) (the |your |this |shared |full |secure )*(document|file|fax|voice ?(mail|message)|invoice|attachment|message|pdf|statement)s?|voice ?(mail|message) (received|from|waiting)|(document|file|fax) (is )?(ready|waiting|awaiting|pending))\b`},
	{"body.invoice", `\b(attached (is|are|please|the|invoice|document|file|statement|copy|p\.?o)|see (the )?attach(ed|ment)|(invoice|purchase order|quotation|statement|receipt|shipment|delivery|order|payment (advice|slip|copy))[^.]{0,60}attach|find (the |your )?attach|kindly (find|open|see|check|review))`},
	{"body.callback", `\b(call (us|our|now|immediately|toll|the (number|help)|customer|support)[^.]{0,80}(cancel|refund|dispute|charge|renew|did not|didn'?t|support|unauthori[sz]ed)|(cancel|refund|dispute|did not (make|authori[sz]e|place))[^.]{0,100}(call|contact|dial)[^.]{0,40}\+?\(?\d{3})`},
	{"body.password_given", `\b(password|passcode|pass ?phrase|archive (key|pass)|pwd|pw|code)( (to|for) (open|unzip|extract|the|this|archive|view)[^.:]{0,30})?( is)?\s?[:=]\s?\S{3,}`},
	{"body.legal_claim", `\b(tax refund|refund (of|notification|amount)|tax return|court (notice|appearance)|subpoena|lawsuit|copyright (infringement|violation)|legal action|arrest|customs (fee|duty|charge)|delivery (fee|attempt|failed|failure|problem)|(package|parcel|shipment)[^.]{0,60}(held|hold|pending|could not|couldn'?t|undeliver|unable|confirm|re-?schedule|address))`},
	{"body.moved_talk", `\b(your (cell|mobile|personal|whats ?app|direct) (phone )?(number|no)|text me|whats ?app|reply (me|to|with)? ?(to|at|on|via)? ?(my|this|the) (private|personal|alternative|direct)|(private|personal|alternative|confidential|direct) (e-?mail|telephone|phone|fax|number))`},
}

// wordSet holds what wordTraits say, in their order.
var wordSet = func() *screen.Set {
	var patterns []string
	for _, w := range wordTraits {
		patterns = append(patterns, w.says)
	}
	return screen.Must(patterns...)
}()

var (
	spaced    = regexp.MustCompile(`\b(?:[a-z][ ._*-]){5,}[a-z]\b`)
	swapped   = screen.Must(`\b(?:v[i1!|][a@4]gr[a@4]|c[i1!|][a@4]l[i1!|]s|p0rn|m0rtg[a@4]ge|mortg[@4]ge|fr[3]{2}|fr3e|fre3|c[@4]sh|ca\$h|cl[1!|]ck)\b`)
	swappable = screen.Must(`\b(?:viagra|cialis)\b`)
	bitcoin   = regexp.MustCompile(`\b(?:bc1[a-z0-9]{25,59}|[13][a-km-zA-HJ-NP-Z1-9]{26,34}|0x[0-9a-fA-F]{40})\b`)
	figures   = regexp.MustCompile(`(?:\$|€|£|\busd ?|\bus\$)\s?\d[\d,.]*`)
)

func (m *message) readWords(text string) {
	found := make([]bool, wordSet.Len())
	wordSet.Match(m.words, found)
	for i, w := range wordTraits {
		m.trait(w.trait, found[i])
	}
	m.trait("body.obfuscated_words", spacedOut(m.words) || swapped.MatchString(m.words) && !swappable.MatchString(m.words))
	m.trait("body.bitcoin_address", bitcoin.MatchString(text))
	m.trait("body.homoglyph", mixedScript(text))
	m.trait("body.money_figures", strings.ContainsAny(m.words, "$€£") && len(figures.FindAllString(m.words, 3)) >= 3)
	m.trait("body.shouts", shouting(text))
	words := len(strings.Fields(m.words))
	m.trait("body.short_ask", words > 3 && words < 120 && (m.traits["body.executive_ask"] || m.traits["body.gift_card"] || m.traits["body.bank_change"]))
}

// spacedOut reports whether a word is written with gaps between its letters.
func spacedOut(words string) bool {
	short := 0 // words of one letter in a row
	for word := range strings.SplitSeq(words, " ") {
		if len(word) != 1 {
			short = 0
			continue
		}
		if short++; short >= 6 {
			return spaced.MatchString(words)
		}
	}
	return strings.Contains(words, ".") && dotted.MatchString(words)
}

var dotted = screen.Must(`\b[a-z][._*-][a-z][._*-][a-z][._*-][a-z][._*-][a-z][._*-][a-z]\b`)

// shouting reports whether a good part of the words are all capitals.
func shouting(text string) bool {
	long, loud := 0, 0
	for _, word := range strings.Fields(text) {
		letters := 0
		capitals := 0
		for _, r := range word {
			if unicode.IsLetter(r) {
				letters++
			}
			if unicode.IsUpper(r) {
				capitals++
			}
		}
		if letters < 4 {
			continue
		}
		if long++; capitals == letters {
			loud++
		}
	}
	return loud >= 20 && loud*5 >= long
}

// readClaims compares the brand that the text speaks for with where the message
// and its links come from.
func (m *message) readClaims() {
	subject := brandIn(m.headers.get("Subject"))
	body := brandIn(m.words[:min(len(m.words), 4096)])
	m.trait("body.brand", body != nil)
	claimed := subject
	if claimed == nil {
		claimed = body
	}
	if claimed == nil || claimed.owns(organisation(m.event.FromDomain)) {
		return
	}
	elsewhere := len(m.event.URLHosts) > 0
	for _, host := range m.event.URLHosts {
		if claimed.owns(organisation(host)) {
			elsewhere = false
		}
	}
	m.trait("body.mismatched_brand", elsewhere)
}
