package ingest

import "bytes"

// What a Cowrie event's id is made of.
//
// The id is [schemas.EventID] of the event's canonical JSON, without what
// Cowrie did not say about the event. In release 3.1.4 output_jsonlog and the
// Kafka output send the same members in the same order; they differ in white
// space, which canonical JSON has none of, and in epoch, which jsonlog alone
// adds when it is told to. Older releases differ more: jsonlog wrote Twisted's
// time (2017-10-11 on) and system (up to 2018-06-18), Kafka wrote system but
// not time, and both at some time let through isError, sessionno and members
// that begin with log_. All of these repeat the timestamp, the session or
// nothing about the event, and none is in the id. The uuid is the sensor's
// and is in it, and so is the message.
//
// Whatever ships the log adds members about itself and its guesses about the
// address (@timestamp, geoip, ip_rep, t-pot_hostname …) and renames two
// (T-Pot's Logstash: dst_ip to dest_ip, dst_port to dest_port). Those are
// left out and named back, so that a T-Pot export gives the ids of the file.
// Where only @timestamp is left of the time, it stands for timestamp.

// cowrieWrote reports whether Cowrie wrote this member about the event.
func cowrieWrote(m *member) bool {
	switch string(m.name) {
	case "time", "system", "isError", "sessionno", "epoch", // Twisted and jsonlog
		"geoip", "geoip_ext", "ip_rep", "host", "path", "tags", "agent", "ecs", "fields", "log",
		"dest_ip", "dest_port", "offset", "beat", "prospector", "source", "event", "stream", "container", "docker",
		"kubernetes", "cloud": // Logstash, Filebeat, T-Pot, Docker
		return false
	case "type": // also the type of a key
		return !bytes.EqualFold(m.text, []byte("cowrie"))
	case "input": // also what an attacker typed, which is a string
		return m.kind != kindObject
	}
	for _, prefix := range [...]string{"log_", "@", "_", "t-pot_"} {
		if len(m.name) >= len(prefix) && string(m.name[:len(prefix)]) == prefix {
			return false
		}
	}
	return true
}

// cowrieRenamed are the names that shippers give to Cowrie's members.
var cowrieRenamed = [...]struct{ to, from string }{
	{"timestamp", "@timestamp"},
	{"dst_ip", "dest_ip"},
	{"dst_port", "dest_port"},
}

// maxWrappers bounds how many layers of shipping are taken off.
const maxWrappers = 3

// unwrapCowrie takes off what a shipper wrapped around the event, and gives
// renamed members their names back. Errors: a [*Refusal].
func unwrapCowrie(o *object) error {
	for range maxWrappers {
		if o.get("eventid") != nil {
			break
		}
		inner := wrapped(o)
		if inner == nil {
			break
		}
		if err := o.parse(inner); err != nil {
			return err
		}
	}
	for _, r := range cowrieRenamed {
		if m := o.get(r.from); m != nil && o.get(r.to) == nil {
			m.name, m.quoted = []byte(r.to), []byte(`"`+r.to+`"`)
			o.sort()
		}
	}
	return nil
}

// wrapped returns the JSON of an object that o carries: an Elasticsearch
// hit's _source, or the line as text in Filebeat's message, Logstash's
// event.original or Docker's log. Nil: none.
func wrapped(o *object) []byte {
	if m := o.get("_source"); m != nil && m.kind == kindObject {
		return m.text
	}
	for _, name := range [...]string{"message", "event.original", "log"} {
		m := o.get(name)
		if m == nil || m.kind != kindString {
			continue
		}
		if text := bytes.TrimSpace(m.text); len(text) > 0 && text[0] == '{' {
			return text
		}
	}
	return nil
}
