package facts

import (
	"slices"
	"strings"

	"github.com/ttpstream/ttpstream/rules/match"
	"github.com/ttpstream/ttpstream/schemas"
)

// LiftEmail lifts a message as a whole: where it is from, what its headers,
// text and links are like, and each attachment as a scope. Besides the traits
// there are counts of how many signs of one sort they are (mailCounts), for
// rules that ask for company: one sign alone is found in honest mail. A message
// whose sender's domain proved itself (DMARC passed) weighs less. Out is reset
// first.
func LiftEmail(ev *schemas.EmailEvent, out *match.Event) {
	liftMail(ev, schemas.KindEmail, "", out)
	for i := range ev.Attachments {
		tellAttachment(out.NewScope(), &ev.Attachments[i])
	}
}

// LiftEmailHeader lifts what the headers of a message say. Out is reset first.
func LiftEmailHeader(ev *schemas.EmailEvent, out *match.Event) {
	liftMail(ev, schemas.KindEmailHeader, "header.", out)
}

// LiftEmailBody lifts what text and links of a message are like. Out is reset
// first.
func LiftEmailBody(ev *schemas.EmailEvent, out *match.Event) {
	liftMail(ev, schemas.KindEmailBody, "body.,url.", out)
}

// LiftEmailAttachment lifts one attachment of a message. Out is reset first.
func LiftEmailAttachment(ev *schemas.EmailEvent, a *schemas.EmailAttachment, out *match.Event) {
	out.Reset()
	out.SourceKind = schemas.KindEmailAttachment
	tellAttachment(&out.Base, a)
	addText(&out.Base, "mail.from_domain", ev.FromDomain)
	addText(&out.Base, "sensor", ev.Sensor)
}

func liftMail(ev *schemas.EmailEvent, kind schemas.SourceKind, parts string, out *match.Event) {
	out.Reset()
	out.SourceKind = kind
	f := &out.Base
	addText(f, "mail.from_domain", ev.FromDomain)
	addText(f, "mail.return_path_domain", ev.ReturnPathDomain)
	addText(f, "mail.reply_to_domain", ev.ReplyToDomain)
	addText(f, "mail.helo", ev.HELO)
	addText(f, "mail.mailer", ev.Mailer)
	addText(f, "mail.spf", ev.SPF)
	addText(f, "mail.dkim", ev.DKIM)
	addText(f, "mail.dmarc", ev.DMARC)
	f.AddInt("mail.hops", int64(ev.ReceivedHops))
	f.AddInt("mail.recipients", int64(ev.RecipientCount))
	addNumber(f, "mail.date_skew", ev.DateSkewSeconds)
	f.AddAll("mail.header_names", lowered(ev.HeaderNames))
	f.AddAll("mail.recipient_domains", ev.RecipientDomains)
	f.AddAll("mail.url_hosts", ev.URLHosts)
	addText(f, "mail.body_fingerprint", ev.BodyFingerprint)
	addNumber(f, "mail.encoded_bytes", float64(ev.EncodedBytes))
	f.AddInt("mail.attachments", int64(len(ev.Attachments)))
	for _, trait := range ev.Traits {
		if parts == "" || trait == "header.list" || slices.ContainsFunc(strings.Split(parts, ","), func(p string) bool { return strings.HasPrefix(trait, p) }) {
			f.Add("mail.traits", valid(trait))
		}
	}
	for _, count := range mailCounts {
		f.AddInt(count.name, int64(count.of(ev)))
	}
	addText(f, "sensor", ev.Sensor)
}

func lowered(texts []string) []string {
	var out []string
	for _, text := range texts {
		out = append(out, strings.ToLower(valid(text)))
	}
	return out
}

func tellAttachment(f *match.Fields, a *schemas.EmailAttachment) {
	addText(f, "attachment.sha256", a.SHA256)
	addText(f, "attachment.extension", a.Extension)
	addText(f, "attachment.media_type", a.MediaType)
	addText(f, "attachment.declared_type", a.DeclaredType)
	addNumber(f, "attachment.size", float64(a.Size))
	f.AddAll("attachment.traits", a.Traits)
}

// mailCount is a number of signs of one sort.
type mailCount struct {
	name  string
	signs []string
}

func (c *mailCount) of(ev *schemas.EmailEvent) (n int) {
	for _, sign := range c.signs {
		if slices.Contains(ev.Traits, sign) {
			n++
		}
	}
	return n
}

// mailCounts are sorts of signs. A sign may be of several.
var mailCounts = []mailCount{
	{"mail.forgery", []string{
		"header.freemail_forged", "header.from_forged", "header.helo_forged", "header.helo_address", "header.brand_name", "header.display_address", "header.message_id_foreign",
		"header.mailer_forged", "header.mailer_kit", "header.from_homoglyph", "header.date_future", "header.date_past", "header.bad_date", "header.no_message_id", "header.fake_reply", "header.freemail_reply",
	}},
	{"mail.lures", []string{
		"body.urgency", "body.credential_request", "body.account_threat", "body.payment", "body.wire", "body.gift_card", "body.bank_change", "body.executive_ask", "body.lottery", "body.generic_greeting",
		"body.shared_document", "body.legal_claim", "body.invoice", "body.callback", "header.subject_urgent", "header.subject_account", "header.subject_money",
	}},
	{"mail.deceit", []string{
		"url.ip_literal", "url.numeric_host", "url.punycode", "url.homoglyph", "url.userinfo", "url.anchor_mismatch", "url.odd_port", "url.encoded_host", "url.brand_host", "url.open_redirect", "url.script",
		"url.free_host", "url.shortener", "url.executable", "url.recipient", "body.form", "body.password_input", "body.hidden_text", "body.encoded_text", "body.broken_words", "body.obfuscated_words", "body.zero_width",
		"body.homoglyph", "body.html_smuggling", "body.meta_refresh", "header.subject_tail", "header.subject_homoglyph", "body.image_only", "url.odd_tld",
	}},
	{"mail.mass", []string{
		"body.offer", "body.click_here", "body.remove_line", "body.easy_money", "body.pills", "body.lottery", "body.money_figures", "body.shouts", "body.html_only", "header.subject_shouts", "header.subject_money",
		"header.undisclosed", "header.many_recipients", "header.from_digits", "body.moved_talk", "body.generic_greeting",
	}},
}
