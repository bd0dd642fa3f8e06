package ingest

import (
	"strconv"

	"github.com/ttpstream/ttpstream/schemas"
)

// openCanaryType is what becomes of a type of event.
type openCanaryType struct {
	protocol string
	decode   func(*canaryEvent)
}

// openCanaryTypes holds every type that release 0.9.10 logs about somebody.
// Those below 2000 are the sensor's own (boot, debug, ping, configuration).
var openCanaryTypes = map[int64]openCanaryType{
	2000: {"ftp", canaryLogin},
	2001: {"ftp", canaryConnect},
	3000: {"http", canaryRequest},
	3001: {"http", canaryRequest},
	3002: {"http", canaryRequest},
	3003: {"http", canaryRequest},
	4000: {"ssh", canaryConnect},
	4001: {"ssh", canaryVersion},
	4002: {"ssh", canaryLogin},
	5000: {"smb", canaryFile},
	5001: {"tcp", canaryScan},
	5002: {"tcp", canaryScan},
	5003: {"tcp", canaryScan},
	5004: {"tcp", canaryScan},
	5005: {"tcp", canaryScan},
	6001: {"telnet", canaryLogin},
	6002: {"telnet", canaryConnect},
	7001: {"http-proxy", canaryLogin},
	8001: {"mysql", canaryLogin},
	9001: {"mssql", canaryLogin},
	9002: {"mssql", canaryLogin},
	9003: {"mysql", canaryConnect},
	// TFTP's request, NTP's monlist and so on stay in the words of their
	// protocol.
	10001: {"tftp", canaryOther},
	11001: {"ntp", canaryOther},
	12001: {"vnc", canaryLogin},
	13001: {"snmp", canaryOther},
	14001: {"rdp", canaryLogin},
	15001: {"sip", canaryOther},
	16001: {"git", canaryOther},
	17001: {"redis", canaryRedis},
	18001: {"tcp", canaryConnect},
	18002: {"tcp", canaryConnect},
	18003: {"tcp", canaryOther},
	18004: {"tcp", canaryOther},
	18005: {"tcp", canaryOther},
	19001: {"llmnr", canaryOther},
	20001: {"mongodb", canaryMongo},
	99000: {"", canaryOther}, 99001: {"", canaryOther}, 99002: {"", canaryOther}, 99003: {"", canaryOther}, 99004: {"", canaryOther},
	99005: {"", canaryOther}, 99006: {"", canaryOther}, 99007: {"", canaryOther}, 99008: {"", canaryOther}, 99009: {"", canaryOther},
}

func canaryTypeName(kind int64) string { return strconv.FormatInt(kind, 10) }

// canaryRedis makes a login of AUTH and a command of everything else.
func canaryRedis(c *canaryEvent) {
	if auth, ok := redisLogin(c.supplied("CMD") + " " + c.supplied("ARGS")); ok {
		auth.Envelope, auth.SrcIP, auth.SrcPort, auth.Protocol = c.as(schemas.KindAuthAttempt, 0), c.srcIP, c.loosePort("src_port"), c.protocol
		c.add(auth)
		return
	}
	canaryCommand(c)
}

// canaryMongo goes by the action, of which one is a login.
func canaryMongo(c *canaryEvent) {
	switch {
	case c.log.member("mechanism") != nil || c.log.member("username") != nil || c.log.member("USERNAME") != nil:
		canaryLogin(c)
	case c.log.member("command") != nil:
		canaryCommand(c)
	case c.supplied("action") == "":
		canaryConnect(c)
	default:
		canaryOther(c)
	}
}
