package facts

import (
	"strings"

	"github.com/ttpstream/ttpstream/rules/match"
)

// fileRole is what a program does with the files that its operands name.
type fileRole int

const (
	roleReads   fileRole = iota
	roleEdits            // reads; with option -i it writes them
	roleWrites           // all of them
	roleDeletes          // all of them
	roleCopies           // reads all but the last, which it writes
	rolePacks            // writes the first and reads the others
	roleTar              // as its mode letter says
)

// fileUse tells which operands of a program are files, and what becomes of
// them.
type fileUse struct {
	role fileRole
	// values are the short options that take a value.
	values string
	// skip counts leading operands that are no file, such as grep's pattern;
	// an option of instead (-e, -f) gives what they would.
	skip    int
	instead string
}

// fileUses has one entry for each program whose operands are files. What is
// merely named and not opened (ls, stat, chmod) is not in it.
var fileUses = map[string]fileUse{
	"cat": {}, "tac": {}, "nl": {}, "less": {}, "more": {}, "most": {}, "bat": {}, "batcat": {}, "rev": {}, "zcat": {},
	"bzcat": {}, "xzcat": {}, "zless": {}, "zmore": {}, "base32": {values: "w"}, "base64": {values: "w"}, "basenc": {values: "w"},
	"head": {values: "nc"}, "tail": {values: "ncs"}, "strings": {values: "net"}, "od": {values: "AjNStw"},
	"xxd": {values: "cglos"}, "hexdump": {values: "efns"}, "hd": {values: "ns"}, "sort": {values: "koStT"}, "uniq": {values: "fsw"},
	"wc": {}, "cut": {values: "bcdf"}, "paste": {values: "d"}, "column": {values: "csto"}, "fold": {values: "w"}, "fmt": {values: "w"},
	"pr": {}, "expand": {}, "ul": {}, "look": {skip: 1}, "comm": {}, "cmp": {}, "diff": {values: "U"}, "sdiff": {}, "iconv": {values: "fto"},
	"grep":  {values: "efmABCd", skip: 1, instead: "ef"},
	"egrep": {values: "efmABCd", skip: 1, instead: "ef"}, "fgrep": {values: "efmABCd", skip: 1, instead: "ef"},
	"zgrep": {values: "efmABCd", skip: 1, instead: "ef"}, "rg": {values: "efmABCgt", skip: 1, instead: "ef"},
	"ag": {values: "mABC", skip: 1}, "jq": {skip: 1, instead: "f"},
	"awk": {values: "Ffv", skip: 1, instead: "f"}, "gawk": {values: "Ffv", skip: 1, instead: "f"},
	"mawk": {values: "Ffv", skip: 1, instead: "f"}, "nawk": {values: "Ffv", skip: 1, instead: "f"},
	"sed":  {role: roleEdits, values: "efl", skip: 1, instead: "ef"},
	"gsed": {role: roleEdits, values: "efl", skip: 1, instead: "ef"},
	"vi":   {values: "ctu"}, "vim": {values: "ctu"}, "view": {values: "c"}, "nvim": {values: "cu"}, "nano": {}, "pico": {},
	"emacs": {}, "ed": {}, "ex": {}, "joe": {}, "mcedit": {}, "unshadow": {}, "gzip": {}, "bzip2": {}, "xz": {}, "zstd": {}, "lz4": {},
	"split": {values: "abCln"}, "csplit": {values: "bfn"}, "shuf": {values: "n"}, "tsort": {}, "gpg": {values: "oru"},
	"truncate": {role: roleWrites, values: "sr"}, "mkfifo": {role: roleWrites, values: "m"},
	"rm": {role: roleDeletes}, "unlink": {role: roleDeletes}, "rmdir": {role: roleDeletes}, "shred": {role: roleDeletes, values: "ns"},
	"srm": {role: roleDeletes}, "wipe": {role: roleDeletes}, "scrub": {role: roleDeletes, values: "p"}, "trash": {role: roleDeletes},
	"cp": {role: roleCopies, values: "tS"}, "mv": {role: roleCopies, values: "tS"}, "install": {role: roleCopies, values: "gmotS"},
	"ln": {role: roleCopies, values: "tS"}, "link": {role: roleCopies}, "rsync": {role: roleCopies, values: "eBfMT"},
	"scp": {role: roleCopies, values: "cFiJloPSX"}, "rcp": {role: roleCopies}, "ditto": {role: roleCopies}, "gcp": {role: roleCopies},
	"zip": {role: rolePacks, values: "bntP"}, "7z": {role: rolePacks, skip: 1}, "7za": {role: rolePacks, skip: 1},
	"rar": {role: rolePacks, skip: 1}, "ar": {role: rolePacks, skip: 1},
	"tar": {role: roleTar}, "bsdtar": {role: roleTar}, "gtar": {role: roleTar},
}

// tellFiles adds the files that a command's operands name.
func tellFiles(f *match.Fields, cmd *command) {
	use, ok := fileUses[cmd.name]
	if !ok {
		return
	}
	if use.role == roleTar {
		tellTar(f, cmd.args)
		return
	}
	skip, inPlace := use.skip, false
	last := "" // of a copy, not told yet
	for i := 0; i < len(cmd.args); i++ {
		word := cmd.args[i].s
		if len(word) > 1 && (word[0] == '-' || word[0] == '+' && cmd.name == "tail") {
			taken, given := use.option(word)
			inPlace = inPlace || use.role == roleEdits && (strings.HasPrefix(word, "-i") || strings.HasPrefix(word, "--in-place"))
			if given {
				skip = 0
			}
			if taken {
				i++
			}
			continue
		}
		if skip > 0 || word == "" || word == "-" {
			skip--
			continue
		}
		switch use.role {
		case roleCopies:
			if last != "" {
				f.Add("cmd.reads", last)
			}
			last = word
		case rolePacks:
			use.role = roleReads
			f.Add("cmd.writes", word)
		default:
			f.Add(use.role.fact(inPlace), word)
		}
	}
	if last != "" {
		f.Add("cmd.writes", last)
	}
}

func (r fileRole) fact(inPlace bool) string {
	switch {
	case r == roleDeletes:
		return "cmd.deletes"
	case r == roleWrites || inPlace:
		return "cmd.writes"
	}
	return "cmd.reads"
}

// option reads an option: whether it takes the next word too, and whether it
// gives what a leading operand would.
func (u *fileUse) option(word string) (taken, given bool) {
	if strings.HasPrefix(word, "--") {
		return false, u.instead != "" && (strings.HasPrefix(word, "--regexp") || strings.HasPrefix(word, "--file") || strings.HasPrefix(word, "--expression"))
	}
	for i := 1; i < len(word); i++ {
		if strings.IndexByte(u.values, word[i]) < 0 {
			continue
		}
		return i == len(word)-1, strings.IndexByte(u.instead, word[i]) >= 0
	}
	return false, false
}

// tellTar adds the archive and the files of tar c and tar x.
func tellTar(f *match.Fields, args []text) {
	creates, archive := false, false
	for i := range args {
		word := args[i].s
		switch {
		case archive:
			archive = false
			if creates {
				f.Add("cmd.writes", word)
			} else {
				f.Add("cmd.reads", word)
			}
		case i == 0 || len(word) > 1 && word[0] == '-' && word[1] != '-':
			creates = creates || strings.IndexByte(word, 'c') >= 0
			archive = strings.HasSuffix(word, "f")
		case strings.HasPrefix(word, "--"):
			creates = creates || word == "--create"
			if value, ok := strings.CutPrefix(word, "--file="); ok && creates {
				f.Add("cmd.writes", value)
			}
		case creates && word != "":
			f.Add("cmd.reads", word)
		}
	}
}

// tellFind adds where find deletes.
func tellFind(f *match.Fields, args []text) {
	deletes := false
	for i := range args {
		deletes = deletes || args[i].s == "-delete"
	}
	for i := 0; deletes && i < len(args); i++ {
		word := args[i].s
		if word == "" || word[0] == '-' || word[0] == '(' || word[0] == '!' {
			break
		}
		f.Add("cmd.deletes", word)
	}
}
