package facts

import "strings"

// wrapper tells how to find the command that a program runs in its own place.
type wrapper struct {
	values   string   // short options that take a value
	longs    []string // long options whose value is the next word
	stops    string   // short options with which it runs no command
	operands int      // words of its own before the command
	assigns  bool     // NAME=value may stand before the command
	applet   bool     // takes no options before the command
}

// wrappers are peeled off a command: what is judged is what runs.
var wrappers = map[string]wrapper{
	"sudo": {values: "ugpCcrtTUDRah", stops: "lveVK", assigns: true, longs: []string{
		"--user", "--group", "--prompt", "--host", "--chdir", "--chroot", "--close-from",
		"--command-timeout", "--role", "--type", "--other-user"}},
	"doas":        {values: "uCa", stops: "L"},
	"pkexec":      {longs: []string{"--user"}},
	"gosu":        {operands: 1},
	"su-exec":     {operands: 1},
	"nohup":       {},
	"env":         {values: "uCa", stops: "S", assigns: true, longs: []string{"--unset", "--chdir", "--argv0"}},
	"busybox":     {applet: true},
	"toybox":      {applet: true},
	"time":        {values: "fo", longs: []string{"--format", "--output"}},
	"nice":        {values: "n", longs: []string{"--adjustment"}},
	"ionice":      {values: "cn", stops: "pPu", longs: []string{"--class", "--classdata"}},
	"chrt":        {values: "TPD", stops: "pm", operands: 1},
	"taskset":     {stops: "p", operands: 1},
	"timeout":     {values: "ks", operands: 1, longs: []string{"--kill-after", "--signal"}},
	"exec":        {values: "a"},
	"command":     {stops: "vV"},
	"builtin":     {},
	"setsid":      {},
	"stdbuf":      {values: "ioe", longs: []string{"--input", "--output", "--error"}},
	"unbuffer":    {},
	"chroot":      {operands: 1},
	"setarch":     {operands: 1},
	"linux32":     {},
	"linux64":     {},
	"fakeroot":    {},
	"torsocks":    {},
	"torify":      {},
	"proxychains": {values: "f"}, "proxychains4": {values: "f"},
}

// peel returns the words of the command that runs in the end, and adds to cmd
// what was peeled off. A wrapper that runs nothing is the command itself.
func (l *lifter) peel(words []text, cmd *command) []text {
	start := len(l.strings)
	for len(words) > 0 {
		name := basename(words[0].s)
		w, ok := wrappers[name]
		if !ok {
			break
		}
		next := w.skip(words)
		if next == 0 {
			break
		}
		l.strings = append(l.strings, name)
		if w.assigns {
			for _, word := range words[1:next] {
				if isAssign(word.s) {
					cmd.assigns = append(cmd.assigns[:len(cmd.assigns):len(cmd.assigns)], word)
				}
			}
		}
		words = words[next:]
	}
	if peeled := l.strings[start:]; len(peeled) > 0 {
		cmd.wrappers = joinNames(cmd.wrappers, peeled)
	}
	return words
}

// skip returns the index of the first word of the command that the wrapper
// runs, 0 where it runs none.
func (w *wrapper) skip(words []text) int {
	i := 1
	for i < len(words) {
		word := words[i].s
		if word == "--" {
			i++
			break
		}
		if len(word) > 1 && word[0] == '-' {
			n := w.option(word)
			if n == 0 {
				return 0
			}
			i += n
			continue
		}
		if !w.assigns || !isAssign(word) {
			break
		}
		i++
	}
	if i += w.operands; i >= len(words) {
		return 0
	}
	return i
}

// option returns how many words an option takes, 0 where it stops.
func (w *wrapper) option(word string) int {
	if w.applet {
		return 0
	}
	if strings.HasPrefix(word, "--") {
		for _, long := range w.longs {
			if word == long {
				return 2
			}
		}
		return 1
	}
	for i := 1; i < len(word); i++ {
		if strings.IndexByte(w.stops, word[i]) >= 0 {
			return 0
		}
		if strings.IndexByte(w.values, word[i]) >= 0 {
			if i == len(word)-1 {
				return 2
			}
			break
		}
	}
	return 1
}

// isAssign says that a word has the form NAME=value.
func isAssign(word string) bool {
	at := strings.IndexByte(word, '=')
	if at < 1 {
		return false
	}
	for i := 0; i < at; i++ {
		if !isNameByte(word[i]) || i == 0 && word[i] >= '0' && word[i] <= '9' {
			return false
		}
	}
	return true
}

func isNameByte(c byte) bool {
	return c == '_' || c >= '0' && c <= '9' || c >= 'a' && c <= 'z' || c >= 'A' && c <= 'Z'
}
