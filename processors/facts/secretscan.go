package facts

import (
	"slices"
	"strings"
)

// scan looks for secrets that show themselves wherever they stand: the
// password in a URL, password=…, an Authorization header. In text with white
// space it looks for commands that take secrets too: the text may be a script
// for another shell, a crontab, a remote command.
func (l *lifter) scan(t text, c context) {
	if len(t.s) < 4 {
		return
	}
	found := false
	if strings.ContainsAny(t.s, "=:") {
		found = l.scanPairs(t, c)
		if strings.IndexByte(t.s, '@') > 0 {
			l.scanUserinfo(t, c)
		}
	}
	if !strings.ContainsAny(t.s, " \n\t") || !found && !mayHoldCommand(t.s) {
		return
	}
	if t.s == l.source {
		return // a substitution that stayed as written, and is being looked at
	}
	vars, files := l.vars, l.files
	l.vars, l.files = slices.Clone(vars), slices.Clone(files)
	l.quiet++
	l.run(text{s: t.s, src: t.src}, context{origins: c.origins})
	l.quiet--
	l.vars, l.files = vars, files
}

// mayHoldCommand says that a text names a program that takes secrets, or may
// hold an option like --password.
func mayHoldCommand(s string) bool {
	for from := 0; from < len(s); {
		to := from
		for to < len(s) && isKeyByte(s[to]) {
			to++
		}
		if _, ok := secretTools[s[from:to]]; ok && to > from {
			return true
		}
		from = to + 1
	}
	if !strings.Contains(s, "--") {
		return false
	}
	return strings.Contains(s, "pass") || strings.Contains(s, "token") ||
		strings.Contains(s, "secret") || strings.Contains(s, "-key")
}

// scanPairs finds password=… and its like, "password": "…" and headers.
func (l *lifter) scanPairs(t text, c context) (found bool) {
	s := t.s
	for i := 1; i < len(s); i++ {
		if s[i] != '=' && s[i] != ':' {
			continue
		}
		end := i
		if s[end-1] == '"' || s[end-1] == '\'' {
			end--
		}
		start := end
		for start > 0 && isKeyByte(s[start-1]) {
			start--
		}
		if start > 0 && start < end && s[start-1] == '\\' {
			start++ // the letter of an escape, as in "\nAuthorization:"
		}
		key := s[start:end]
		switch {
		case len(key) < 3:
		case s[i] == ':' && isHeader(key):
			from, to := headerValue(s, i+1, start > 0)
			l.secret(t, from, to, c)
			i, found = to, true
		case !sensitive(key):
		case s[i] == '=' || i+1 < len(s) && (s[i+1] == ' ' || s[i+1] == '"'):
			from, to := pairValue(s, i+1, start > 0)
			if start == 0 && s[0] == '-' {
				from, to = i+1, len(s) // an option, however its value reads
			}
			l.secret(t, from, to, c)
			i, found = max(i, to-1), true
		}
	}
	return found
}

func isKeyByte(c byte) bool { return isNameByte(c) || c == '-' || c == '.' }

// pairValue returns where the value at from lies. In a text of many pairs it
// ends at white space, a quote, ; and &, else only at &.
func pairValue(s string, from int, many bool) (start, end int) {
	for many && s[from-1] == ':' && from < len(s) && s[from] == ' ' {
		from++
	}
	stops := "&"
	if many || strings.ContainsAny(s, " \n\t") {
		stops = " \n\t&;\"'"
	}
	if from < len(s) && (s[from] == '"' || s[from] == '\'') {
		stops = s[from : from+1]
		from++
	}
	if n := strings.IndexAny(s[from:], stops); n >= 0 {
		return from, from + n
	}
	return from, len(s)
}

func isHeader(key string) bool {
	return strings.EqualFold(key, "authorization") || strings.EqualFold(key, "proxy-authorization") ||
		strings.EqualFold(key, "x-api-key") || strings.EqualFold(key, "x-auth-token") ||
		strings.EqualFold(key, "private-token") || strings.EqualFold(key, "cookie")
}

// headerValue returns where a header's credentials lie, without the scheme. In
// a text that holds more than the header a quote ends it.
func headerValue(s string, from int, many bool) (start, end int) {
	for from < len(s) && s[from] == ' ' {
		from++
	}
	end = len(s)
	stops := "\r\n"
	if many {
		stops = "\r\n\"'"
	}
	if n := strings.IndexAny(s[from:], stops); n >= 0 {
		end = from + n
	}
	if n := strings.IndexByte(s[from:end], ' '); n > 0 && isScheme(s[from:from+n]) {
		from += n + 1
	}
	return from, end
}

func isScheme(s string) bool {
	return strings.EqualFold(s, "basic") || strings.EqualFold(s, "bearer") ||
		strings.EqualFold(s, "digest") || strings.EqualFold(s, "token") || strings.EqualFold(s, "negotiate")
}

// sensitive says that a key names a secret.
func sensitive(key string) bool {
	if strings.EqualFold(key, "PWD") || strings.EqualFold(key, "OLDPWD") {
		return false
	}
	for _, stem := range [...]string{"pass", "pwd", "token", "secret", "apikey", "api_key", "api-key", "access_key"} {
		if containsFold(key, stem) {
			return true
		}
	}
	return false
}

// containsFold is strings.Contains without regard to ASCII case; sub is lower
// case.
func containsFold(s, sub string) bool {
	for i := 0; i+len(sub) <= len(s); i++ {
		n := 0
		for n < len(sub) && (s[i+n] == sub[n] || s[i+n]|0x20 == sub[n]) {
			n++
		}
		if n == len(sub) {
			return true
		}
	}
	return false
}

// sensitiveFlag says that the word after a long option is a secret.
func sensitiveFlag(word string) bool {
	if len(word) < 6 || word[0] != '-' || word[1] != '-' {
		return false
	}
	for _, end := range [...]string{"pass", "password", "passwd", "passphrase", "token", "secret", "secret-key", "api-key", "access-key", "oauth2-bearer"} {
		if strings.HasSuffix(word, end) {
			return true
		}
	}
	return false
}

// sensitiveOperand says that the word after a setting's name is a secret.
func sensitiveOperand(word string) bool {
	switch word {
	case "requirepass", "masterauth", "aws_secret_access_key", "aws_session_token":
		return true
	}
	return false
}

// scanUserinfo finds user:PASSWORD@host, within a URL or by itself, and a long
// token before the @ of a URL.
func (l *lifter) scanUserinfo(t text, c context) {
	s := t.s
	for from := 0; from < len(s); {
		to := len(s)
		if n := strings.IndexAny(s[from:], " \t\n\"'<>|;"); n >= 0 {
			to = from + n
		}
		start, limit := from, to
		url := strings.Index(s[from:to], "://")
		if url >= 0 {
			start = from + url + 3
			if n := strings.IndexAny(s[start:to], "/?#"); n >= 0 {
				limit = start + n
			}
		}
		if at := strings.LastIndexByte(s[start:limit], '@'); at > 0 {
			l.userinfo(t, start, start+at, url >= 0, c)
		}
		from = to + 1
	}
}

// minToken is the length from which a URL's user without a password is taken
// for an access token.
const minToken = 16

func (l *lifter) userinfo(t text, from, to int, url bool, c context) {
	colon := strings.IndexByte(t.s[from:to], ':')
	switch {
	case colon >= 0:
		user := t.s[from : from+colon]
		path := colon+1 < to-from && t.s[from+colon+1] == '/'
		if !url && (path || user == "mailto" || strings.ContainsAny(user, "/@")) {
			return
		}
		l.secret(t, from+colon+1, to, c)
	case url && to-from >= minToken:
		l.secret(t, from, to, c)
	}
}
