package facts

import (
	"strings"

	"github.com/ttpstream/ttpstream/rules/match"
)

// client tells where a network client's arguments name the peer.
type client struct {
	values string // short options that take a value
	host   string // option whose value is the host; else the first operand is
	port   string // option whose value is the port
	second bool   // the second operand is the port
}

// clients has one entry for each program that connects to what it is given.
// Programs that take URLs (curl, wget) are told by their URLs.
var clients = map[string]client{
	"ssh":    {values: "bcDEeFIiJLlmOopQRSWw", port: "-p"},
	"slogin": {values: "bcDEeFIiJLlmOopQRSWw", port: "-p"}, "dbclient": {values: "liLRpJ", port: "-p"},
	"sftp": {values: "bBcDFiJloPRSsX", port: "-P"}, "ftp": {second: true}, "tnftp": {second: true}, "telnet": {values: "elnSX", second: true},
	"nc": {values: "eciIkmopPqsTVwWXxg", second: true}, "ncat": {values: "ecimopPqsTVwWXxg", second: true},
	"netcat": {values: "eciIkmopPqsTVwWXxg", second: true}, "nc.traditional": {values: "ecimopPqsTVwWXxg", second: true},
	"nc.openbsd": {values: "ciIkmopPqsTVwWXxg", second: true}, "tftp": {values: "bglprm", second: true}, "rlogin": {values: "lep"},
	"rsh": {values: "l"}, "whois": {values: "hp", port: "-p"}, "finger": {}, "ncftp": {values: "uPp", port: "-P"}, "lftp": {values: "upe", port: "-p"},
	"redis-cli": {values: "hpsanu", host: "-h", port: "-p"}, "mysql": {values: "hPuDe", host: "-h", port: "-P"},
	"psql": {values: "hpUdc", host: "-h", port: "-p"}, "mosquitto_pub": {values: "hptmu", host: "-h", port: "-p"},
	"mosquitto_sub": {values: "hptu", host: "-h", port: "-p"}, "rdesktop": {values: "updkg"}, "vncviewer": {}, "ipmitool": {values: "HUPI", host: "-H"},
	"snmpwalk": {values: "cvlaAxX"}, "snmpget": {values: "cvlaAxX"}, "traceroute": {values: "fgimpqstwz"}, "ping": {values: "cisWwtIlMmpQST"},
}

// tellPeer adds the host and port that a command connects to.
func tellPeer(f *match.Fields, cmd *command) {
	c, ok := clients[cmd.name]
	if !ok {
		tellPeerWord(f, cmd)
		return
	}
	host, port, operands := "", "", 0
	for i := 0; i < len(cmd.args); i++ {
		word := cmd.args[i].s
		if len(word) > 1 && word[0] == '-' {
			if len(word) != 2 || strings.IndexByte(c.values, word[1]) < 0 {
				continue
			}
			if i++; i == len(cmd.args) {
				break
			}
			switch word {
			case c.host:
				host = cmd.args[i].s
			case c.port:
				port = cmd.args[i].s
			}
			continue
		}
		operands++
		switch {
		case operands == 1 && c.host == "":
			host = word
		case operands == 2 && c.second:
			port = word
		}
	}
	tellEnds(f, host, port)
}

// tellEnds adds a host, which may be user@host, and a port.
func tellEnds(f *match.Fields, host, port string) {
	if host = host[strings.LastIndexByte(host, '@')+1:]; host == "" || strings.Contains(host, "://") {
		return
	}
	f.Add("cmd.connects", host)
	if n, v := number(port, 5, 10); n > 0 && n == len(port) && v < 1<<16 {
		f.Add("cmd.ports", port)
	}
}

// tellPeerWord adds the peer of programs that take it as one word: socat's
// TCP:host:port, openssl's -connect host:port, and of /dev/tcp.
func tellPeerWord(f *match.Fields, cmd *command) {
	for i := range cmd.args {
		word := cmd.args[i].s
		switch cmd.name {
		case "socat":
			kind, rest, ok := strings.Cut(word, ":")
			if !ok || !isSocketKind(kind) {
				continue
			}
			word = rest
		case "openssl":
			if i == 0 || cmd.args[i-1].s != "-connect" {
				continue
			}
		default:
			return
		}
		word, _, _ = strings.Cut(word, ",")
		host, port, _ := strings.Cut(word, ":")
		tellEnds(f, host, port)
	}
}

func isSocketKind(kind string) bool {
	kind = strings.ToLower(kind)
	return !strings.Contains(kind, "listen") && (strings.HasPrefix(kind, "tcp") || strings.HasPrefix(kind, "udp") || strings.HasPrefix(kind, "openssl") || strings.HasPrefix(kind, "ssl"))
}
