package ingest

import "strings"

// unwrap takes off what shippers wrapped around a record, until mine says yes.
// Errors: a [*Refusal].
func unwrap(o *object, mine func(*object) bool) error {
	for range maxWrappers {
		if mine(o) {
			return nil
		}
		inner := wrapped(o)
		if inner == nil {
			return nil
		}
		if err := o.parse(inner); err != nil {
			return err
		}
	}
	return nil
}

// shipped returns which members the sensor wrote itself: those that are no
// shipper's notes about the line, the host or the address.
func shipped(sensor string) func(*member) bool {
	return func(m *member) bool {
		name := string(m.name)
		switch name {
		case "geoip", "geoip_ext", "ip_rep", "ecs", "beat", "prospector", "kubernetes", "docker", "container", "cloud":
			return false
		case "agent", "log", "input", "fields", "host", "event": // sensors have texts by these names
			return m.kind != kindObject
		case "@timestamp":
			return sensor == nameHoneytrap
		}
		return !strings.HasPrefix(name, "@") && !strings.HasPrefix(name, "_") && !strings.HasPrefix(name, "t-pot_")
	}
}
