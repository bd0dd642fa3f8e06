package facts

import (
	"strings"

	"github.com/ttpstream/ttpstream/rules/match"
)

// fileTools are programs whose arguments name files that they write, or URLs
// without a scheme.
var fileTools = map[string]func(f *match.Fields, args []text){
	"tee":  tellTee,
	"dd":   tellDD,
	"find": tellFind,
	"wget": fetcher{values: "oaOPUeitTwQlARDIXB", output: 'O', long: "--output-document"}.tell,
	"curl": fetcher{values: "oHAbcdDeEFKmnPQrTuUwxXyYzCt", output: 'o', long: "--output", remote: true}.tell,
}

func tellTee(f *match.Fields, args []text) {
	name := "cmd.writes"
	for _, arg := range args {
		if arg.s == "-a" || arg.s == "--append" {
			name = "cmd.appends"
		}
	}
	for _, arg := range args {
		if !strings.HasPrefix(arg.s, "-") {
			f.Add(name, arg.s)
		}
	}
}

func tellDD(f *match.Fields, args []text) {
	for _, arg := range args {
		if target, ok := strings.CutPrefix(arg.s, "of="); ok {
			f.Add("cmd.writes", target)
		} else if target, ok := strings.CutPrefix(arg.s, "if="); ok {
			f.Add("cmd.reads", target)
		}
	}
}

// fetcher is a program that downloads.
type fetcher struct {
	values string // short options that take a value
	output byte   // the one whose value is the file written
	long   string // the same by its long name
	remote bool   // -O and --remote-name write under the URL's last part
}

func (w fetcher) tell(f *match.Fields, args []text) {
	remote := false
	for i := 0; i < len(args); i++ {
		word := args[i].s
		next := ""
		if i+1 < len(args) {
			next = args[i+1].s
		}
		switch {
		case word == w.long:
			i++
			tellOutput(f, next)
		case strings.HasPrefix(word, w.long) && word[len(w.long)] == '=':
			tellOutput(f, word[len(w.long)+1:])
		case len(word) > 1 && word[0] == '-' && word[1] != '-':
			remote = remote || w.remote && strings.IndexByte(word, 'O') > 0
			if w.short(f, word, next) {
				i++
			}
		case word == "--remote-name":
			remote = w.remote
		case word != "" && word[0] != '-':
			tellPlace(f, word)
			if remote {
				tellRemote(f, word)
			}
		}
	}
}

// short reads a bundle of short options and says whether it takes the next
// word too.
func (w fetcher) short(f *match.Fields, word, next string) bool {
	for i := 1; i < len(word); i++ {
		if strings.IndexByte(w.values, word[i]) < 0 {
			continue
		}
		value, taken := word[i+1:], false
		if value == "" {
			value, taken = next, true
		}
		if word[i] == w.output {
			tellOutput(f, value)
		}
		return taken
	}
	return false
}

// tellOutput adds the file of an option; "-" is the standard output.
func tellOutput(f *match.Fields, name string) {
	if name != "" && name != "-" {
		f.Add("cmd.writes", name)
	}
}

// tellRemote adds the file name that a URL ends in.
func tellRemote(f *match.Fields, url string) {
	if at := strings.IndexAny(url, "?#"); at >= 0 {
		url = url[:at]
	}
	if at := strings.LastIndexByte(url, '/'); at >= 0 && at+1 < len(url) {
		f.Add("cmd.writes", url[at+1:])
	}
}

// tellPlace adds an address that is written without a scheme: example.com/x.
func tellPlace(f *match.Fields, word string) {
	if strings.Contains(word, "://") {
		return
	}
	host, _, _ := strings.Cut(word, "/")
	host, _, _ = strings.Cut(host, ":")
	if isIPv4(host) {
		f.Add("cmd.urls", word) // tellNet has told the host
	} else if isDomain(host) {
		f.Add("cmd.urls", word)
		addOnce(f, "cmd.hosts", host)
	}
}
