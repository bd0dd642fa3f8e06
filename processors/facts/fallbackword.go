package facts

import "strings"

// word reads one word. Quotes that do not close reach to the end.
func (t *tokeniser) word() text {
	out := text{known: true}
	from := t.at
	t.buf, t.field = t.buf[:0], false
	for t.at < len(t.s) && !t.wordEnds() {
		switch c := t.s[t.at]; c {
		case '\\':
			t.at++
			if t.at < len(t.s) {
				if t.s[t.at] != '\n' {
					t.buf = append(t.buf, t.s[t.at])
				}
				t.at++
			}
		case '\'':
			t.quoted(t.at+1, false, &out)
		case '"':
			t.double(&out)
		case '$':
			if strings.HasPrefix(t.s[t.at:], "$'") {
				t.quoted(t.at+2, true, &out)
			} else if !t.variable(&out, from) {
				return t.finish(out, from)
			}
		case 0:
			t.at++
		default:
			t.buf = append(t.buf, c)
			t.at++
		}
	}
	return t.finish(out, from)
}

func (t *tokeniser) finish(out text, from int) text {
	raw := t.s[from:t.at]
	t.field = t.field || len(t.buf) > 0
	if string(t.buf) == raw {
		out.s = raw
		return out
	}
	out.s = valid(string(t.buf))
	if !strings.Contains(raw, out.s) {
		out.src = joinSources(out.src, &source{raw: raw})
	}
	return out
}

func (t *tokeniser) wordEnds() bool {
	switch c := t.s[t.at]; c {
	case ' ', '\t', '\r', '\n', ';', '&', '|', '<', '>', '`':
		return true
	case '(':
		t.parens++
	case ')':
		if t.parens == 0 {
			return true
		}
		t.parens--
	case '$':
		return strings.HasPrefix(t.s[t.at:], "$(")
	}
	return false
}

// quoted reads up to the closing single quote.
func (t *tokeniser) quoted(from int, ansi bool, out *text) {
	end := from
	for end < len(t.s) && t.s[end] != '\'' {
		if ansi && t.s[end] == '\\' {
			end++
		}
		end++
	}
	end = min(end, len(t.s))
	body := t.s[from:end]
	if ansi {
		u := unescape(body, escapesANSI)
		body = u.s
		if u.numeric {
			out.layer = 1
			t.l.note(u.s, t.c.depth+1)
		}
	}
	t.buf, t.field = append(t.buf, body...), true
	t.at = min(end+1, len(t.s))
}

// double reads up to the closing double quote.
func (t *tokeniser) double(out *text) {
	t.field = true
	for t.at++; t.at < len(t.s); t.at++ {
		switch c := t.s[t.at]; {
		case c == '"':
			t.at++
			return
		case c == '$' && t.value(out):
			t.at--
		case c == '\\' && t.at+1 < len(t.s) && strings.IndexByte("\\\"$`", t.s[t.at+1]) >= 0:
			t.at++
			t.buf = append(t.buf, t.s[t.at])
		default:
			t.buf = append(t.buf, c)
		}
	}
}

// variable reads a $. It reports false where $IFS ends the word.
func (t *tokeniser) variable(out *text, from int) bool {
	for _, ifs := range [...]string{"${IFS}", "$IFS"} {
		rest, ok := strings.CutPrefix(t.s[t.at:], ifs)
		if !ok || rest != "" && ifs == "$IFS" && isNameByte(rest[0]) {
			continue
		}
		out.split = true
		t.at += len(ifs)
		return len(t.buf) == 0
	}
	rest := t.s[t.at+1:]
	if rest != "" && (rest[0] >= '1' && rest[0] <= '9' || rest[0] == '@' || rest[0] == '*') {
		t.at += 2 // empty at a prompt
		return true
	}
	if !t.value(out) {
		out.known = false
		t.buf = append(t.buf, '$')
		t.at++
	}
	return true
}

// value puts in the variable named after a $, if the line set it.
func (t *tokeniser) value(out *text) bool {
	from := t.at + 1
	brace := from < len(t.s) && t.s[from] == '{'
	if brace {
		from++
	}
	to := from
	for to < len(t.s) && isNameByte(t.s[to]) {
		to++
	}
	next := to
	if brace {
		next++
		if to == len(t.s) || t.s[to] != '}' {
			return false
		}
	}
	v, ok := t.l.lookup(t.s[from:to])
	if !ok || !t.l.spend(len(v.s)) {
		return false
	}
	t.buf = append(t.buf, v.s...)
	out.known = out.known && v.known
	out.layer = max(out.layer, v.layer)
	out.src = joinSources(out.src, joinSources(v.src, &source{raw: v.s}))
	t.at = next
	return true
}
