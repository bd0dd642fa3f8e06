package ingest

import (
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// adbHoney plays an Android device with its debug bridge open: Cowrie's form,
// with eventids of its own.
var adbHoney = sensor{
	name:   "adbhoney",
	has:    func(o *object) bool { return eventNamed(o, "adbhoney.") },
	decode: decodeADBHoney,
}

func decodeADBHoney(e *sensorEvent) {
	e.when("timestamp", "unixtime")
	e.from("src_ip")
	e.envelope.SessionID, e.envelope.Sensor = e.word("session"), e.word("sensor")
	event := e.word("eventid")
	session := func(activity string) *schemas.SessionEvent {
		return &schemas.SessionEvent{
			Envelope: e.as(schemas.KindSession, 0), Activity: activity, SensorEvent: event, Protocol: "adb", SrcIP: e.srcIP,
			SrcPort: e.port("src_port"), DstIP: e.text("dst_ip"), DstPort: e.port("dst_port"),
		}
	}
	switch event {
	case "adbhoney.command.input":
		e.add(&schemas.CommandEvent{Envelope: e.as(schemas.KindCommand, 0), SrcIP: e.srcIP, Protocol: "adb", Command: adbCommand(e.required("input"))})
	case "adbhoney.session.file_upload":
		e.add(&schemas.TransferEvent{
			Envelope: e.as(schemas.KindTransfer, 0), Direction: schemas.TransferUpload, Success: true, Protocol: "adb", SrcIP: e.srcIP,
			Filename: e.text("filename"), Path: e.text("outfile"), SHA256: strings.ToLower(e.text("shasum")), Size: e.whole("file_size", 1<<50),
		})
	case "adbhoney.session.connect":
		e.add(session(schemas.ActivityConnect))
	case "adbhoney.session.closed":
		fact := session(schemas.ActivityClosed)
		fact.DurationSeconds = e.atLeastZero("duration")
		e.add(fact)
	default:
		fact := session(schemas.ActivityOther)
		if m := e.member("message"); m != nil && m.kind == kindString {
			fact.Detail = clip(string(m.text), schemas.MaxLongText)
		}
		e.add(fact)
	}
}

// adbCommand takes off the bridge's own word for a shell, and the NUL that
// ends what it sends.
func adbCommand(input string) string {
	input = strings.TrimRight(input, "\x00")
	for _, prefix := range [...]string{"shell,v2:", "shell:", "exec:"} {
		if rest, ok := strings.CutPrefix(input, prefix); ok {
			return rest
		}
	}
	return input
}
