package facts

import (
	"regexp"
	"strings"

	"github.com/ttpstream/ttpstream/rules/screen"
)

// plainCommands are programs that an injected command line begins with.
const plainCommands = `(?:a?sh|bash|dash|zsh|ksh|csh|tcsh|cat|tac|xxd|hexdump|base(?:32|64)|ls|whoami|lastlog|uname|hostname(?:ctl)?|ifconfig|ipconfig|arp|netstat|ps|printenv|export|pwd|cd|grep|egrep|fgrep|rg|awk|gawk|mawk|nawk|sed|uniq|xargs|tee|wc|echo|printf|mkdir|rm|rmdir|mv|cp|ln|dd|chmod|chown|chgrp|chattr|tar|zip|unzip|gzip|gunzip|zcat|bzip2|7z\w?|rar|wget|curl|aria2c|lynx|elinks|lwp-download|lwp-request|ftp|ftpget|tftp|sftp|scp|rsync|ssh|telnet|nc|ncat|netcat|nc\.\w+|socat|nmap|traceroute|tracepath|dig|nslookup|whois|python[\d.]*|pip[\d.]*|perl[\d.]*|ruby[\d.]*|irb|php[\d.]*|node(?:js)?|npm|npx|lua[\d.]*|tclsh|java|javac|gcc|g\+\+|c\+\+|clang|gdb|strace|ltrace|vi|vim|vim\.\w+|nano|emacs|crontab|nohup|setsid|tmux|sudo|su|doas|pkexec|passwd|useradd|adduser|usermod|groupadd|visudo|mysql(?:dump\w*|admin)?|psql|pg_\w+|sqlite3|mongo|redis-cli|pkill|killall|shutdown|reboot|poweroff|systemctl|umount|df|du|lsof|lspci|lsusb|lsblk|lscpu|lsmod|insmod|modprobe|dmesg|uptime|timeout|openssl|gpg|md5sum|sha\d+sum|busybox|docker\w*|kubectl|git|svn|apt(?:-get|itude)?|yum|dnf|rpm|dpkg|apk|pacman|sendmail|logger|unalias|builtin|whereis|ulimit|umask|ansible(?:-\w+)?|puppet|terraform|aws|gcloud|az|tcpdump|iptables|getent|getfacl|capsh|chroot|nsenter|unshare|cpio|pax|csplit|cmp|comm|dosbox|busctl|genisoimage|xdg-open|rmt(?:-tar)?|run-parts|start-stop-daemon|stdbuf|rlogin|rsh|rbash|pdksh|posh|cpulimit|c[89]9|ssh-copy-id|chef(?:-\w+)?|cscli|pipx|rmt-\w+|salt(?:-\w+)?|vagrant|podman|nerdctl|iwr|iwmi|gwmi|gci|irm)`

// wordCommands are programs whose names are words that people write.
const wordCommands = `(?:fish|nl|less|more|head|tail|od|strings|rev|dir|id|w|who|last|finger|ip|route|ss|top|env|find|locate|cut|tr|sort|touch|fetch|links|axel|ping6?|host|gem|expect|cc|make|ed|at|batch|screen|kill|halt|service|init|mount|free|date|cal|sleep|time|watch|yes|seq|snap|brew|mail|mailx?|wall|write|alias|exec|eval|source|command|type|which|history|trap|ar|shred|truncate|split|join|paste|diff|fold|column|script|perf|flock|ex|knife)`

const unixCommands = `(?:` + plainCommands + `|` + wordCommands + `)`

const windowsPrograms = `(?:cmd(?:\.exe)?|powershell(?:\.exe)?|pwsh|xcopy|robocopy|attrib|icacls|cacls|takeown|net1?(?:\.exe)?|netsh|nltest|ipconfig|systeminfo|tasklist|taskkill|wmic|reg\.exe|regedit|sc\.exe|schtasks|bitsadmin|certutil|mshta|rundll32|regsvr32|cscript|wscript|msiexec|forfiles|findstr|whoami|tracert|nslookup|quser|qwinsta|dsquery|csvde|ldifde|ntdsutil|vssadmin|wbadmin|bcdedit|fsutil|diskpart|makecab|extrac32|odbcconf|installutil|regasm|cmstp|pcalua)`

// windowsWords are those whose names are words that people write.
const windowsWords = `(?:dir|type|copy|del|erase|rd|md|ren|move|reg|sc|at|hostname|ver|vol|echo|set|start|shutdown|ping|arp|route|netstat|query|cipher|format|label|assoc|ftype|pushd|popd|call|for|if|expand|tftp|ftp|telnet)`

var (
	// A command after what ends the one before, or within one.
	commandAfter = screen.Must(`(?:[;|&\n\r\x60]|\$\(|<\(|>\(|\|\||&&|^\s*[;|&])\s*(?:\(|\{|!|time\s+|sudo\s+|nohup\s+|exec\s+|\\|["'])*\s*(?:/(?:usr/|local/|s?bin/|bin/|\w+/)+)?(?:` + plainCommands + `(?:["'\x60]*(?:[\s;|&<>)\x60}]|\$\{?ifs|\$@|$)|["']{2}|\s*[(<])|` + wordCommands + `(?:["'\x60]*(?:[;|&<>)\x60}]|\$\{?ifs|\$@|\s*$)|["']{2}|\s+["']?[-/.$~\\<>|;&0-9]))`)
	// A command alone, with an argument that only a command has.
	commandAlone = screen.Must(`^[\s"'(]*(?:(?:sudo|time|nohup|exec|env|timeout \d+\w?|nice|busybox|ionice)[\s;]+)*(?:/(?:usr/|local/|s?bin/|bin/)+)?(?:` +
		`(?:cat|tac|xxd|base64|grep|awk|sed|cp|mv|rm|chmod|chown|vi|vim|nano|tee|tar|ln|dd)\s+(?:-\S+\s+)*["']?[^\s]*(?:/|\.\w{2,4}\b|\$)|(?:nl|less|more|head|tail|od|strings|rev|touch|find|cut|sort)\s+(?:-\S+\s+)*["']?[/~.$]|` +
		`(?:wget|curl|fetch|lynx|aria2c|lwp-download|axel)\s+(?:-\S+\s+\S*\s*)*["']?(?:https?:|ftp:|\S+\.\w{2,}|\$)|(?:nc|ncat|netcat|telnet|socat|ssh|scp|ftp|tftp)\s+(?:-\S+\s+)*\S*[\d.@:-]+|(?:ping6?|traceroute|nmap|dig|nslookup|whois)\s+(?:-\S+\s+)*\S*[\w-]+\.\w+|ping\s+-[cnwi]\s*\d|` +
		`(?:bash|sh|zsh|ksh|dash|python[\d.]*|perl|ruby|php|node|lua)\s+-[cerini]+\b|(?:ls|ps|netstat|ss|uname|id|df|du|free|top|crontab|iptables|lsof|tcpdump|ifconfig)\s+(?:-\w+|/\w|aux\b)|ip\s+(?:addr?|a|link|route)\b|(?:uname|whoami|ifconfig|ipconfig|netstat|getent|lscpu|lsblk|lsmod|dmesg|visudo|printenv)\s*(?:$|[;|&<>])|` +
		`find\s+[/.]\S*\s+-\w+|(?:useradd|adduser|usermod|chattr|insmod|modprobe|systemctl|killall|pkill)\s+-?\w|(?:kill|mount|passwd)\s+[-/]\w|service\s+\w+\s+(?:start|stop|restart|status)|echo\s+.{0,200}(?:[>|\x60]|\$\()|(?:shutdown|reboot|halt|poweroff)(?:\s+(?:-|now)|$)|docker\s+(?:run|exec|ps|cp|pull)|kubectl\s+\w+|git\s+(?:clone|config|push|pull)|(?:apt|apt-get|yum|apk|pip|npm|gem)\s+(?:install|-y)|ansible(?:-\w+)?\s+\w+|` +
		`time\s+(?:` + unixCommands + `)(?:\s+[-/]|\s*$)|alias\s+\S+=|openssl\s+(?:s_client|enc|req|passwd)|mysql(?:dump)?\s+-|perf\s+-|(?:strace|ltrace|gdb|cpulimit|chef-\w+|cscli|pipx|ssh-copy-id)\s+\S|(?:flock|knife|chef)\s+-|(?:ansible|chef)-\w+\s*$|env\s+--|\$shell\s+-c|alias\s+[-+]|rc\s+\S+\.sh|base64\s+-d|xargs\s+|env\s+\w+=|set\s*\|)`)
	// The tricks by which a name is kept from filters.
	commandHidden = regexp.MustCompile(`\$\{?ifs\}?|\$@|\$\*\w|\{[\w./]+,[^}\s]{1,60}(?:,[^}\s]*)*\}|/(?:\?|\*|\[[^\]]+\]){1,4}[\w?*\[\]]*/(?:[\w?*\[\]-]*[?*\[\]]+[\w?*\[\]-]*)|/(?:bin|usr|etc)/[\w]*[?*]+\w*|(?:c(?:''|""|\\+)a(?:''|""|\\+)?t|ca(?:''|""|\\+)t|w(?:''|""|\\+)g|wg(?:''|""|\\+)e|c(?:''|""|\\+)u(?:''|""|\\+)?r|cu(?:''|""|\\+)r|l(?:''|""|\\+)s\b|n(?:''|""|\\+)c\b|b(?:''|""|\\+)a|ba(?:''|""|\\+)s|i(?:''|""|\\+)d\b|p(?:''|""|\\+)i(?:''|""|\\+)?n|s(?:''|""|\\+)h\b|t(?:''|""|\\+)i|ti(?:''|""|\\+)m)|\$\{[\w]+(?::\d+(?::\d+)?|#|%|//|\^|@)|\$\(\(|<<<\s*|\$'\\|\bprintf\s+['"]?\\|\$\[\w|\$\{!|~[+-]\d?(?:$|[/\s])|\b\w["']{2}\w{1,12}\s+[/-]`)
	// A program by its path.
	commandPath = screen.Must(`(?:^|[^\w/.])/?(?:usr/(?:local/)?)?s?bin/(?:` + unixCommands + `)\b|\bbin/(?:visudo|bash|sh|id|cat|ls|nc)\b`)
	shellSpawn  = screen.Must(`/dev/(?:tcp|udp)/\S+/\d|\bmkfifo\s|\bnc\b.{0,40}\s-[a-z]*e\s|\bsh\s+-i\b|>&\s*\d|\d>&\d|\bbash\s+-[ci]\b|\|\s*(?:ba|z|k|da)?sh\b|>\s*/(?:tmp|dev|var|etc)/\w|\b0<&\d|[\w:.]*\(\)\s*\{[^}]{0,60}[|&][^}]{0,60}\}|[;|&]\s*\$\w+\s+(?:wget|curl|cat|sh|bash|nc|id|ls)\b|(?:^|[;\n\\n])\s*\.(?:["'\\]*(?:shell|system|databases|tables|dump|import|load|schema|backup))\b`)
	windowsCmd  = screen.Must(`(?:[;|&\n]|&&|\|\||\$\()\s*\(?\s*(?:` + windowsPrograms + `(?:\.exe|\.com)?(?:\s+[/\\\-\w%"']|$|\s*[|&>])|` + windowsWords + `(?:\.exe|\.com)?\s+(?:/[a-z?]|%|"?[a-z]:\\|\\\\))|\bcmd(?:\.exe)?["\s^]+/[ckqrv]\b|\bpowershell(?:\.exe)?\s+-|(?:^|[\s;|&(])(?:invoke-(?:expression|webrequest|command|mimikatz|item|restmethod|wmimethod|shellcode|obfuscation|history)|start-process|new-object\s+\(?(?:net|system|io|-com)|get-(?:content|childitem|process|wmiobject|credential|command|item|location|service)|set-(?:executionpolicy|content|item)|add-type|import-module|downloadstring|downloadfile|out-file|convertto-securestring|start-bitstransfer|iex)\b|\biex\s*\(|%(?:comspec|systemroot|windir|appdata|temp|programfiles|userprofile|path)[:%]|\b(?:net1?\s+(?:user|localgroup|group|share|use|view|start|stop|accounts)|reg\s+(?:add|query|save|delete)|wmic\s+\w+|certutil\s+-|bitsadmin\s+/|schtasks\s+/|vssadmin\s+\w|netsh\s+\w+|rundll32\s+\S+,|regsvr32\s+/|mshta\s+(?:https?|vbscript|javascript)|nltest\s+/|systeminfo|tasklist\b)|\bfor\s+(?:/[dflr]+\s+)?%+[^ ]+\s+in\s*\(|\bif\s+(?:/i\s+)?(?:not\s+)?(?:exist|defined|errorlevel|cmdextversion)\b|\bcmd\.exe\b|c:\\+windows\\+\w+|\.(?:exe|bat|cmd|ps1)\b\s*(?:/|-|&|\|)`)
	shellshock  = regexp.MustCompile(`\(\s*\)\s*\{\s*[^}]{0,60};?\s*\}?\s*;?|\(\)\s*\{`)
)

var commandForms = []form{
	{"command", "", func(in *input) bool {
		if in.from == inAgent && !strings.ContainsAny(in.low, "$`|\n") {
			return false
		}
		return commandAfter.MatchString(in.low) && !prose(in) || commandAlone.MatchString(in.low) && in.from != inAgent && in.from != inPath || strings.ContainsAny(in.low, `$'"\?*{<[~`) && hiddenCommand(in) ||
			commandPath.MatchString(in.low) && in.from != inAgent || shellSpawn.MatchString(in.low) || rawLines.MatchString(strings.ToLower(in.text)) && in.from != inBody
	}},
	{"windows_command", "", func(in *input) bool { return in.from != inAgent && windowsCmd.MatchString(in.low) && !prose(in) }},
	{"shellshock", "{", func(in *input) bool {
		return strings.HasPrefix(strings.TrimSpace(in.low), "(") && shellshock.MatchString(in.low)
	}},
}

// rawLines are commands on a line of their own, which flattening joins.
var rawLines = screen.Must(`[\r\n]+\s*(?:quit|data|ehlo \S+|helo \S+|mail from:|rcpt to:|user \S+|pass \S+|` + unixCommands + `\s+[-/]\S+|whoami|id)\s*(?:$|[\r\n;|&])`)

func hiddenCommand(in *input) bool {
	return in.from != inAgent && in.from != inHeader && commandHidden.MatchString(in.low) && !strings.Contains(in.low, "${{")
}

// prose reports whether a text reads as people write, in which a semicolon or
// an ampersand before a word that is a program's name, too, is no command.
func prose(in *input) bool {
	if in.from == inAgent || strings.ContainsAny(in.low, "$`<>{}") || strings.Contains(in.low, "/etc") || strings.Contains(in.low, "/bin") || strings.Contains(in.low, "://") {
		return false
	}
	at := strings.IndexAny(in.low, ";|&\n")
	if at < 0 {
		return false
	}
	before, after := in.low[:at], strings.TrimLeft(in.low[at:], ";|& \n")
	if strings.ContainsAny(after, "-/\\.") && len(strings.Fields(after)) < 4 {
		return false
	}
	return len(strings.Fields(before)) >= 1 && strings.HasPrefix(in.low[at+1:], " ") && len(strings.Fields(after)) >= 2 && !strings.ContainsAny(after, "=;|&()%*")
}
