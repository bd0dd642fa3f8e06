package facts

import "strings"

// secretTool tells which words of a program are secrets.
type secretTool struct {
	short    string   // short options whose value is one
	flags    string   // short options without a value that may precede them in a bundle
	longs    []string // long options whose value is one
	sep      string   // the secret is what follows this in the value
	attached bool     // the value of a short option is never the next word
	words    bool     // long options have one dash
	leading  bool     // options end at the first word that is none
	more     func(l *lifter, args []text, c context)
	stdin    func(l *lifter, c context)
}

// secretTools has one entry for each program that is given secrets. Options
// named like --password are found without an entry.
var secretTools = map[string]*secretTool{
	"sshpass":    {short: "p", flags: "vhV", leading: true},
	"chpasswd":   {stdin: stdinLines(true)},
	"newusers":   {stdin: stdinLines(true)},
	"passwd":     {stdin: stdinLines(false)},
	"smbpasswd":  {stdin: stdinLines(false)},
	"su":         {stdin: stdinLines(false)},
	"sudo":       {more: sudoSecrets},
	"cryptsetup": {stdin: stdinLines(false)},
	"useradd":    {short: "p", flags: "mMNolrUD"},
	"usermod":    {short: "p", flags: "aLUmo"},
	"adduser":    {short: "p", flags: "mMNolrUD"},
	"groupadd":   {short: "p", flags: "for"},
	"mkpasswd":   {more: operandSecrets("mRSP"), stdin: stdinLines(false)},
	"openssl":    {more: opensslSecrets},
	"htpasswd":   {more: htpasswdSecrets, stdin: stdinLines(false)},
	"ssh-keygen": {short: "NP", flags: "qvplyeAB"},

	"curl":     {short: "uU", flags: curlFlags, longs: []string{"--user", "--proxy-user"}, sep: ":"},
	"lftp":     {short: "u", sep: ","},
	"ftpput":   {short: "p", flags: "v"},
	"ftpget":   {short: "p", flags: "cv"},
	"ncftp":    {short: "p"},
	"ncftpput": {short: "p", flags: "mRvVazF"}, "ncftpget": {short: "p", flags: "RvVTF"},
	"plink": {longs: []string{"-pw"}, words: true}, "pscp": {longs: []string{"-pw"}, words: true},
	"psftp": {longs: []string{"-pw"}, words: true},

	"mysql": mysqlSecrets, "mysqldump": mysqlSecrets, "mysqladmin": mysqlSecrets,
	"mysqlimport": mysqlSecrets, "mariadb": mysqlSecrets, "mariadb-dump": mysqlSecrets,
	"redis-cli": {short: "a", longs: []string{"--pass"}, more: redisSecrets},
	"mongo":     {short: "p"}, "mongosh": {short: "p"}, "mongodump": {short: "p"},
	"sqlcmd": {short: "P"}, "osql": {short: "P"}, "bcp": {short: "P"}, "tsql": {short: "P"},
	"sqlplus":    {more: sqlplusSecrets},
	"ldapsearch": {short: "w", flags: ldapFlags}, "ldapadd": {short: "w", flags: ldapFlags},
	"ldapmodify": {short: "w", flags: ldapFlags}, "ldappasswd": {short: "wsa", flags: ldapFlags},

	"smbclient": smbSecrets, "rpcclient": smbSecrets, "smbget": smbSecrets, "net": smbSecrets,
	"winexe": smbSecrets, "smbmap": {short: "p"}, "nxc": {short: "pH"}, "netexec": {short: "pH"},
	"crackmapexec": {short: "pH"}, "evil-winrm": {short: "pH"}, "rdesktop": {short: "p"},
	"xfreerdp": {more: rdpSecrets}, "wlfreerdp": {more: rdpSecrets},
	"hydra": {short: "p", flags: "fFvVdIRSq"}, "medusa": {short: "p"}, "ipmitool": {short: "P"},
	"snmpwalk": snmpSecrets, "snmpget": snmpSecrets, "snmpset": snmpSecrets,
	"mosquitto_pub": {short: "P"}, "mosquitto_sub": {short: "P"},

	"docker": {more: loginSecrets}, "podman": {more: loginSecrets}, "nerdctl": {more: loginSecrets},
	"az": {more: loginSecrets}, "helm": {more: loginSecrets},
	"rclone": {more: rcloneSecrets},
	"zip":    {short: "P", flags: "rqje9"}, "unzip": {short: "P", flags: "oqjnl"},
	"7z": {short: "p", attached: true}, "7za": {short: "p", attached: true}, "7zr": {short: "p", attached: true},
	"rar": {short: "p", attached: true}, "unrar": {short: "p", attached: true},
}

const (
	curlFlags = "aBfgGiIjklLMnNOpqRsSvZ0123456#"
	ldapFlags = "xnvcMZLQSWA"
)

var (
	mysqlSecrets = &secretTool{short: "p", attached: true, flags: "ABCEfgHiLNnqrstvX"}
	smbSecrets   = &secretTool{short: "U", longs: []string{"--user"}, sep: "%"}
	snmpSecrets  = &secretTool{short: "cAX"}
)

// sudoSecrets is the password that sudo -S reads.
func sudoSecrets(l *lifter, args []text, c context) {
	for _, arg := range args {
		if len(arg.s) == 0 || arg.s[0] != '-' {
			return
		}
		if arg.s == "--stdin" || arg.s[1:] != "" && arg.s[1] != '-' && strings.IndexByte(arg.s, 'S') > 0 {
			stdinLines(false)(l, c)
			return
		}
	}
}

// operandSecrets is a program whose operands are passwords; values are its
// short options that take a value.
func operandSecrets(values string) func(l *lifter, args []text, c context) {
	return func(l *lifter, args []text, c context) {
		for i := 0; i < len(args); i++ {
			word := args[i].s
			switch {
			case len(word) == 2 && word[0] == '-' && strings.IndexByte(values, word[1]) >= 0:
				i++
			case !strings.HasPrefix(word, "-"):
				l.whole(args[i], c)
			}
		}
	}
}

// opensslSecrets is openssl passwd PASSWORD, -k PASSWORD and -pass pass:….
func opensslSecrets(l *lifter, args []text, c context) {
	if len(args) == 0 {
		return
	}
	hashing := args[0].s == "passwd"
	for i := 1; i < len(args); i++ {
		word := args[i].s
		switch {
		case word == "-salt" || word == "-in":
			i++
		case (word == "-k" || word == "-K") && i+1 < len(args):
			i++
			l.whole(args[i], c)
		case strings.HasPrefix(word, "pass:"):
			l.after(args[i], 0, ":", c)
		case hashing && !strings.HasPrefix(word, "-"):
			l.whole(args[i], c)
		}
	}
	if hashing {
		stdinLines(false)(l, c)
	}
}

// htpasswdSecrets is the last operand of htpasswd -b.
func htpasswdSecrets(l *lifter, args []text, c context) {
	batch := false
	for i, arg := range args {
		if strings.HasPrefix(arg.s, "-") {
			batch = batch || strings.IndexByte(arg.s, 'b') > 0
		} else if batch && i == len(args)-1 {
			l.whole(arg, c)
		}
	}
}

// redisSecrets is AUTH PASSWORD and AUTH USER PASSWORD.
func redisSecrets(l *lifter, args []text, c context) {
	for i, arg := range args {
		if strings.EqualFold(arg.s, "auth") {
			for _, word := range args[i+1:] {
				l.whole(word, c)
			}
			return
		}
	}
}

// sqlplusSecrets is user/PASSWORD@database.
func sqlplusSecrets(l *lifter, args []text, c context) {
	for _, arg := range args {
		slash := strings.IndexByte(arg.s, '/')
		if slash < 1 {
			continue
		}
		end := len(arg.s)
		if at := strings.LastIndexByte(arg.s, '@'); at > slash {
			end = at
		}
		l.secret(arg, slash+1, end, c)
		return
	}
}

// rdpSecrets is /p:PASSWORD.
func rdpSecrets(l *lifter, args []text, c context) {
	for _, arg := range args {
		if strings.HasPrefix(arg.s, "/p:") {
			l.secret(arg, 3, len(arg.s), c)
		}
	}
}

// loginSecrets is the -p of a subcommand named login.
func loginSecrets(l *lifter, args []text, c context) {
	for i, arg := range args {
		if arg.s == "login" {
			(&secretTool{short: "p"}).apply(l, args[i+1:], c)
			return
		}
	}
}

// rcloneSecrets is rclone obscure PASSWORD and config create … pass PASSWORD.
func rcloneSecrets(l *lifter, args []text, c context) {
	for i, arg := range args {
		if (arg.s == "obscure" || arg.s == "pass" || arg.s == "password") && i+1 < len(args) {
			l.whole(args[i+1], c)
		}
	}
}
