package ingest

import "github.com/ttpstream/ttpstream/schemas"

// cowrieEvents says what each event becomes. It holds every id that release
// 3.1.4 and its documentation know, and those of older releases; an id that
// is not here becomes what cowrieOther makes of it, so that nothing is lost.
var cowrieEvents = map[string]func(*cowrieEvent) Fact{
	"cowrie.command.input":   cowrieCommand,
	"cowrie.command.failed":  cowrieOutcome,
	"cowrie.command.success": cowrieOutcome,

	"cowrie.login.success":      cowrieLogin,
	"cowrie.login.failed":       cowrieLogin,
	"cowrie.client.fingerprint": cowrieFingerprint,

	"cowrie.session.file_download":        cowrieDownload,
	"cowrie.session.file_download.failed": cowrieDownloadFailed,
	"cowrie.session.file_upload":          cowrieUpload,

	"cowrie.session.connect": activity(schemas.ActivityConnect, connectFields),
	"cowrie.session.closed":  activity(schemas.ActivityClosed, durationFields),
	"cowrie.session.params":  activity(schemas.ActivityParams, archFields),
	"cowrie.log.closed":      activity(schemas.ActivityLogClosed, logFields),
	"cowrie.client.version":  activity(schemas.ActivityClientVersion, versionFields),
	"cowrie.client.kex":      activity(schemas.ActivityClientKex, kexFields),
	"cowrie.client.size":     activity(schemas.ActivityClientSize, sizeFields),
	"cowrie.client.var":      activity(schemas.ActivityClientVar, varFields),

	"cowrie.direct-tcpip.request":   activity(schemas.ActivityForwardRequest, forwardFields),
	"cowrie.direct-tcpip.data":      activity(schemas.ActivityForwardData, forwardFields),
	"cowrie.tunnelproxy-tcpip.data": activity(schemas.ActivityForwardData, forwardFields),
	// These four speak of a request or of data that has a line of its own:
	// counting them too would double it.
	"cowrie.direct-tcpip.redirect": activity(schemas.ActivityOther, forwardFields, messageFields),
	"cowrie.direct-tcpip.tunnel":   activity(schemas.ActivityOther, forwardFields, messageFields),
	"cowrie.direct-tcpip.ja4":      activity(schemas.ActivityOther, forwardFields, messageFields),
	"cowrie.direct-tcpip.ja4h":     activity(schemas.ActivityOther, forwardFields, messageFields),

	"cowrie.telnet.exploit_attempt": activity(schemas.ActivityExploitAttempt, varFields, messageFields),
	// The attempt has its own line. What was typed at the password prompt
	// (attempted_command) stays out.
	"cowrie.telnet.exploit_success": cowrieOther,

	"cowrie.command.chpasswd":        activity(schemas.ActivityOther, accountFields),
	"cowrie.session.input":           cowrieStandardInput,
	"cowrie.log.open":                cowrieOther,
	"cowrie.client.malformed_packet": cowrieOther,
	"cowrie.telnet.error":            cowrieOther,
	"cowrie.telnet.option":           cowrieOther,

	"cowrie.proxy.backend_connect_error": cowrieOther,
	"cowrie.proxy.backend_connected":     cowrieOther,
	"cowrie.proxy.backend_disconnected":  cowrieOther,
	"cowrie.proxy.client_disconnect":     cowrieOther,
	"cowrie.proxy.ssh":                   cowrieTrace,

	"cowrie.reversedns.connect":      cowrieOther,
	"cowrie.reversedns.forward":      cowrieOther,
	"cowrie.greynoise.result":        cowrieOther,
	"cowrie.virustotal.scanfile":     cowrieOther,
	"cowrie.virustotal.scanurl":      cowrieOther,
	"cowrie.urlhaus.submitted":       cowrieOther,
	"cowrie.malwarebazaar.submitted": cowrieOther,
	"cowrie.abuseipdb.reportedip":    cowrieOther,
	"cowrie.abuseipdb.reportfail":    cowrieOther,
	// These three are about the sensor. They name no attacker and are refused
	// as no_source; Cowrie sends them to no output since release 3.
	"cowrie.abuseipdb.started":     cowrieOther,
	"cowrie.abuseipdb.wakeup":      cowrieOther,
	"cowrie.abuseipdb.ratelimited": cowrieOther,
}
