package email

import "strings"

// brand is a name that phishing borrows, and the domains of its owner.
type brand struct {
	words   []string
	domains []string
}

func (b *brand) owns(org string) bool {
	for _, d := range b.domains {
		if org == d || strings.HasPrefix(d, ".") && strings.HasSuffix("."+org, d) || strings.HasSuffix(d, ".*") && strings.HasPrefix(org, d[:len(d)-1]) {
			return true
		}
	}
	return false
}

// brands are those most often borrowed. A domain that ends in .* is owned
// under every top level.
var brands = []brand{
	{[]string{"paypal"}, []string{"paypal.*", "paypal-community.com", "xoom.com"}},
	{[]string{"ebay"}, []string{"ebay.*", "ebaymail.com", "emailebay.com"}},
	{[]string{"amazon"}, []string{"amazon.*", "amazonses.com", "amazonaws.com", "a2z.com", "audible.com"}},
	{[]string{"apple", "icloud", "itunes"}, []string{"apple.com", "icloud.com", "me.com"}},
	{[]string{"microsoft", "office 365", "office365", "onedrive", "sharepoint", "outlook"}, []string{"microsoft.com", "microsoftonline.com", "office.com", "office365.com", "outlook.com", "sharepoint.com", "sharepointonline.com", "live.com", "hotmail.com", "msn.com", "onmicrosoft.com"}},
	{[]string{"google", "gmail"}, []string{"google.*", "gmail.com", "googlemail.com", "youtube.com", "withgoogle.com"}},
	{[]string{"facebook", "instagram", "whatsapp"}, []string{"facebook.com", "facebookmail.com", "instagram.com", "meta.com", "whatsapp.com"}},
	{[]string{"netflix"}, []string{"netflix.com"}},
	{[]string{"linkedin"}, []string{"linkedin.com"}},
	{[]string{"dropbox"}, []string{"dropbox.com", "dropboxmail.com"}},
	{[]string{"docusign"}, []string{"docusign.com", "docusign.net"}},
	{[]string{"adobe"}, []string{"adobe.com", "adobesign.com", "echosign.com"}},
	{[]string{"dhl"}, []string{"dhl.*", "dpdhl.com"}},
	{[]string{"fedex"}, []string{"fedex.com"}},
	{[]string{"usps"}, []string{"usps.com", "usps.gov"}},
	{[]string{"citibank", "citicorp"}, []string{"citibank.com", "citi.com", "citicorp.com", "citigroup.com"}},
	{[]string{"wells fargo", "wellsfargo"}, []string{"wellsfargo.com", "wf.com"}},
	{[]string{"bank of america", "bankofamerica"}, []string{"bankofamerica.com", "bofa.com", "ml.com"}},
	{[]string{"jpmorgan", "chase bank", "chase online"}, []string{"chase.com", "jpmorgan.com", "jpmchase.com", "jpmorganchase.com"}},
	{[]string{"hsbc"}, []string{"hsbc.*"}},
	{[]string{"barclays"}, []string{"barclays.*", "barclaycard.co.uk"}},
	{[]string{"natwest"}, []string{"natwest.com"}},
	{[]string{"lloyds"}, []string{"lloydsbank.com", "lloydsbank.co.uk", "lloydstsb.com", "lloydstsb.co.uk", "lloydsbanking.com"}},
	{[]string{"santander"}, []string{"santander.*"}},
	{[]string{"american express", "americanexpress", "amex"}, []string{"americanexpress.com", "aexp.com"}},
	{[]string{"mastercard"}, []string{"mastercard.*"}},
	{[]string{"western union", "westernunion"}, []string{"westernunion.*"}},
	{[]string{"coinbase"}, []string{"coinbase.com"}},
	{[]string{"binance"}, []string{"binance.com"}},
	{[]string{"metamask"}, []string{"metamask.io"}},
	{[]string{"norton lifelock", "norton security", "norton antivirus", "mcafee", "geek squad"}, []string{"norton.com", "nortonlifelock.com", "symantec.com", "gendigital.com", "mcafee.com", "bestbuy.com", "geeksquad.com"}},
	{[]string{"internal revenue service"}, []string{"irs.gov", "treasury.gov"}},
	{[]string{"hmrc"}, []string{"hmrc.gov.uk", "gov.uk"}},
	{[]string{"steam support", "steam community"}, []string{"steampowered.com", "steamcommunity.com", "valvesoftware.com"}},
	{[]string{"spotify"}, []string{"spotify.com"}},
	{[]string{"at&t"}, []string{"att.com", "att.net", "att-mail.com"}},
	{[]string{"verizon"}, []string{"verizon.com", "verizon.net", "verizonwireless.com"}},
	{[]string{"comcast", "xfinity"}, []string{"comcast.net", "comcast.com", "xfinity.com"}},
	{[]string{"yahoo"}, []string{"yahoo.*", "yahooinc.com", "yahoo-inc.com", "ymail.com", "rocketmail.com", "yahoogroups.com"}},
	{[]string{"aol"}, []string{"aol.*", "aol.net"}},
}

// brandIn returns the brand that a text names as words of their own, or nil.
func brandIn(text string) *brand {
	padded := " " + strings.Join(strings.FieldsFunc(strings.ToLower(text), notWord), " ") + " "
	for i := range brands {
		for _, word := range brands[i].words {
			if strings.Contains(padded, " "+word+" ") {
				return &brands[i]
			}
		}
	}
	return nil
}

func notWord(r rune) bool {
	return !(r >= 'a' && r <= 'z' || r >= '0' && r <= '9' || r == '&' || r > 127)
}

// brandOf returns the brand whose a registered domain is, or nil.
func brandOf(org string) *brand {
	if org == "" {
		return nil
	}
	for i := range brands {
		if brands[i].owns(org) {
			return &brands[i]
		}
	}
	return nil
}

// brandInHost returns the brand that a host of somebody else names in one of
// its labels, or nil.
func brandInHost(host string) *brand {
	org := organisation(host)
	for i := range brands {
		for _, word := range brands[i].words {
			word = strings.ReplaceAll(word, " ", "")
			if len(word) < 4 || !labelNames(host, word) {
				continue
			}
			if !brands[i].owns(org) {
				return &brands[i]
			}
			return nil
		}
	}
	return nil
}

// labelNames reports whether a part of a host between dots and hyphens is the
// word.
func labelNames(host, word string) bool {
	for _, part := range strings.FieldsFunc(host, func(r rune) bool { return r == '.' || r == '-' || r == '_' }) {
		if part == word || skeleton(part) == word && part != word {
			return true
		}
	}
	return false
}

// freemail are providers where anybody has an address, with the word that is in
// the names of their servers.
var freemail = map[string]string{
	"gmail.com": "google", "googlemail.com": "google", "yahoo.com": "yahoo", "yahoo.co.uk": "yahoo", "yahoo.fr": "yahoo", "yahoo.de": "yahoo", "yahoo.ca": "yahoo",
	"yahoo.com.br": "yahoo", "yahoo.co.jp": "yahoo", "yahoo.co.in": "yahoo", "yahoo.it": "yahoo", "yahoo.es": "yahoo", "ymail.com": "yahoo", "rocketmail.com": "yahoo",
	"hotmail.com": "hotmail", "hotmail.co.uk": "hotmail", "hotmail.fr": "hotmail", "outlook.com": "outlook", "live.com": "hotmail", "msn.com": "hotmail",
	"aol.com": "aol", "aim.com": "aol", "netscape.net": "aol", "excite.com": "excite", "lycos.com": "lycos", "mail.com": "mail.com", "email.com": "mail.com", "gmx.de": "gmx",
	"gmx.net": "gmx", "gmx.com": "gmx", "web.de": "web.de", "mail.ru": "mail.ru", "yandex.ru": "yandex", "yandex.com": "yandex", "protonmail.com": "proton", "proton.me": "proton",
	"icloud.com": "apple", "me.com": "apple", "zoho.com": "zoho", "inbox.ru": "mail.ru", "bk.ru": "mail.ru", "list.ru": "mail.ru", "rambler.ru": "rambler",
	"libero.it": "libero", "tiscali.it": "tiscali", "tiscali.co.uk": "tiscali", "wanadoo.fr": "wanadoo", "orange.fr": "orange", "free.fr": "free.fr", "laposte.net": "laposte",
	"t-online.de": "t-online", "freenet.de": "freenet", "juno.com": "juno", "netzero.net": "netzero", "earthlink.net": "earthlink", "eudoramail.com": "eudoramail",
	"altavista.com": "altavista", "usa.net": "usa.net", "iname.com": "mail.com", "fastmail.com": "messagingengine", "fastmail.fm": "messagingengine", "163.com": "163.com", "126.com": "126.com", "qq.com": "qq.com",
	"sina.com": "sina", "21cn.com": "21cn", "hanmail.net": "hanmail", "naver.com": "naver", "post.com": "mail.com", "myself.com": "mail.com", "consultant.com": "mail.com",
	"bigfoot.com": "bigfoot", "angelfire.com": "lycos", "mailcity.com": "lycos", "caramail.com": "caramail", "rediffmail.com": "rediff", "indiatimes.com": "indiatimes",
	"telstra.com": "telstra", "bigpond.com": "bigpond", "btinternet.com": "btinternet", "ntlworld.com": "ntlworld", "att.net": "att", "sbcglobal.net": "sbcglobal", "comcast.net": "comcast",
	"cox.net": "cox", "verizon.net": "verizon", "bellsouth.net": "bellsouth", "mailinator.com": "mailinator", "tutanota.com": "tuta", "hushmail.com": "hush",
}

// executives are words of a display name that borrow authority.
var executives = []string{"ceo", "cfo", "chief executive", "chief financial", "managing director", "president", "chairman", "human resources", "hr department", "payroll", "it support", "help desk", "helpdesk", "it department", "system administrator", "mail administrator", "webmail"}

// kitMailers are mailers that kits and mass mailers of spammers write. None of
// them sends what people write to each other.
var kitMailers = []string{
	"phpmailer", "leaf php", "leafmailer", "king mailer", "gammadyne", "inboxer", "emailmarketing", "ems mailer", "dark mailer", "darkmailer", "send-safe", "sendsafe",
	"group mail", "groupmail", "stormpost", "xmailer", "mach10", "massmail", "mass mail", "bulk", "advanced mass sender", "the mailman", "emailer platinum", "turbo mailer", "atomic mail", "super mailer",
	"supermailer", "achi-kochi", "diffondi", "floodgate", "extractor", "floodgate", "emerge", "jixing", "oshirase", "mailking", "mail bomber", "ultra mailer", "alex mailer", "swift mailer", "anonymous mailer", "direct email",
}

// hasAny reports whether a text holds one of the words, as words of their own.
func hasAny(text string, words []string) bool {
	for _, word := range words {
		at := strings.Index(text, word)
		for at >= 0 {
			end := at + len(word)
			if (at == 0 || !isLetter(text[at-1])) && (end == len(text) || !isLetter(text[end])) {
				return true
			}
			next := strings.Index(text[at+1:], word)
			if next < 0 {
				break
			}
			at += 1 + next
		}
	}
	return false
}

func isLetter(c byte) bool { return c|0x20 >= 'a' && c|0x20 <= 'z' }
