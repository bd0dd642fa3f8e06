package facts

// plain says that a script is shell and that the tokeniser reads it as the
// grammar does: words of harmless characters, separated by ; | && and ||, with
// redirections to files, and no word that the grammar knows. Most of what bots
// send is of this kind, and the tokeniser takes a fifth of the parser's time.
func plain(script string) bool {
	p := plainness{script: script}
	for p.at < len(script) {
		if !p.step() {
			return false
		}
	}
	return !p.target && (p.command || !p.joined)
}

type plainness struct {
	script  string
	at      int
	command bool // a word stands since the last separator
	joined  bool // the last separator wants a command after it
	target  bool // a redirection wants a word
}

// step reads a word, a separator, a redirection or a blank.
func (p *plainness) step() bool {
	switch c := p.script[p.at]; c {
	case ' ', '\t':
		p.at++
		return true
	case ';':
		return p.separator(1, false)
	case '|', '&':
		if p.at+1 < len(p.script) && p.script[p.at+1] == c {
			return p.separator(2, true)
		}
		return c == '|' && p.separator(1, true)
	case '>', '<':
		p.at++
		if c == '>' && p.at < len(p.script) && p.script[p.at] == '>' {
			p.at++
		}
		// a redirection alone is a command
		ok := !p.target
		p.command, p.target = true, true
		return ok && (p.at == len(p.script) || p.script[p.at] != '&' && p.script[p.at] != '|')
	}
	return p.word()
}

func (p *plainness) separator(size int, joined bool) bool {
	ok := p.command && !p.target
	p.at += size
	p.command, p.joined = false, joined
	return ok
}

func (p *plainness) word() bool {
	from := p.at
	for p.at < len(p.script) && plainBytes[p.script[p.at]] {
		p.at++
	}
	word := p.script[from:p.at]
	if word == "" || isKeyword(word) || isDeclaration(word) {
		return false
	}
	p.command, p.target = true, false
	return true
}

// isDeclaration says that the grammar reads the words after this one as
// assignments, or in another way of its own.
func isDeclaration(word string) bool {
	switch word {
	case "export", "declare", "local", "readonly", "typeset", "nameref", "let", "time", "coproc":
		return true
	}
	return false
}

// plainBytes are the bytes of words that stand for themselves. There is no +
// among them because of A+=b.
var plainBytes = func() (table [256]bool) {
	for c := range table {
		table[c] = isNameByte(byte(c))
	}
	for _, c := range []byte("./:=,%@*?~^-") {
		table[c] = true
	}
	return table
}()
