package email

import (
	"regexp"
	"strings"
	"unicode"
)

var subjectTail = regexp.MustCompile(`\s{4,}[\[(]?[a-z0-9-]{3,16}[\])]?$|\s[a-z]{0,6}[0-9]{2,}[a-z0-9]{4,}$`)

// readSubject takes what a subject is like, and nothing of what it says.
func (m *message) readSubject() {
	subject := m.headers.get("Subject")
	low := strings.ToLower(subject)
	m.trait("header.subject_shouts", shouts(subject))
	m.trait("header.subject_tail", subjectTail.MatchString(low))
	m.trait("header.subject_urgent", subjectUrgent.MatchString(low))
	m.trait("header.subject_account", subjectAccount.MatchString(low))
	m.trait("header.subject_money", subjectMoney.MatchString(low))
	m.trait("header.subject_homoglyph", mixedScript(subject) || strings.ContainsAny(subject, zeroWidth))
	m.trait("header.fake_reply", strings.HasPrefix(low, "re:") && !m.headers.has("References") && !m.headers.has("In-Reply-To") && !m.traits["header.list"])
}

// shouts reports whether nearly all letters are capitals, of at least three
// words.
func shouts(text string) bool {
	letters, capitals := 0, 0
	for _, r := range text {
		if unicode.IsLetter(r) {
			letters++
			if unicode.IsUpper(r) {
				capitals++
			}
		}
	}
	return letters >= 12 && capitals*10 >= letters*9 && len(strings.Fields(text)) >= 3
}

// What subjects of phishing speak of.
var (
	subjectUrgent  = regexp.MustCompile(`\b(urgent|immediate(ly)?|action (is )?required|final (notice|warning|reminder)|last (notice|warning|chance)|act now|expir(es|ed|ing|ation)|within (24|48|72) ?h(ou)?rs?|attention|important notice|asap|deadline)\b`)
	subjectAccount = regexp.MustCompile(`\b(account (\w+ ){0,3}(suspend|limit|lock|restrict|clos|deactivat|verif|updat|alert|review|terminat|notif|on hold)|(suspend|limit|lock|restrict|verif\w*|updat\w*|confirm\w*|validat\w*|re-?activat\w*|unusual|unauthori[sz]ed|suspicious) (\w+ ){0,4}(account|sign[- ]?in|log[- ]?in|access|activity|identity|mailbox|information|password|transaction|billing)|password (\w+ ){0,2}(expir|reset|chang)|mailbox (\w+ ){0,3}(full|quota|storage|exceed|upgrad|deactivat)|security (alert|notice|update|warning|notification)|(undelivered|pending|held|quarantined) (mail|message|email)s?)`)
	subjectMoney   = regexp.MustCompile(`\b(invoice|payment|remittance|wire|overdue|purchase order|refund|payroll|direct deposit|bank (details|transfer)|gift ?cards?|inheritance|beneficiary|lottery|winn(er|ing)|compensation|fund(s)? (transfer|release))\b|\$\s?\d|(\$|€|£)\s?[\d,.]+\s?(million|m\b|k\b)?`)
)
