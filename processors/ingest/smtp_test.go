package ingest

import (
	"bytes"
	"context"
	"net"
	"net/smtp"
	"strings"
	"testing"
	"time"

	"github.com/ttpstream/ttpstream/schemas"
	"github.com/ttpstream/ttpstream/topology"
)

// startCapture serves a capture on loopback and returns its address.
func startCapture(t *testing.T, sink Sink, o SMTPOptions) string {
	t.Helper()
	capture, err := NewSMTPCapture(newIngester(t, Options{Sink: sink}), o)
	if err != nil {
		t.Fatal(err)
	}
	listener, err := net.Listen("tcp", "127.0.0.1:0")
	if err != nil {
		t.Fatal(err)
	}
	ctx, cancel := context.WithCancel(context.Background())
	ended := make(chan error, 1)
	go func() { ended <- capture.Serve(ctx, listener) }()
	t.Cleanup(func() {
		cancel()
		if err := <-ended; err != nil {
			t.Error(err)
		}
	})
	return listener.Addr().String()
}

const plantedMail = "From: \"PayPal\" <service@paypal-check.example>\r\nTo: planted.rcpt@victim.example\r\nSubject: Planted: your account is suspended\r\n" +
	"Message-ID: <1@x.example>\r\nDate: Fri, 21 Aug 2026 10:00:00 +0000\r\nContent-Type: text/html\r\n\r\n" +
	"<p>Planted words. Your account has been suspended.</p><a href=\"http://198.51.100.9/login\">https://www.paypal.com/</a>\r\n..dot\r\n"

// A real client sends mail; what is published holds no recipient and no word of
// it.
func TestSMTPCapture(t *testing.T) {
	t.Parallel()
	sink := &memorySink{}
	addr := startCapture(t, sink, SMTPOptions{})
	for range 2 {
		if err := smtp.SendMail(addr, nil, "bounce@mailer.example", []string{"planted.rcpt@victim.example"}, []byte(plantedMail)); err != nil {
			t.Fatal(err)
		}
	}
	messages := sink.taken()
	if len(messages) != 2 || messages[0].Topic.Name != topology.EmailReceived.Name {
		t.Fatalf("%d messages: %v", len(messages), messages)
	}
	event, err := schemas.Decode[schemas.EmailEvent](messages[0].Value)
	if err != nil {
		t.Fatal(err)
	}
	if event.FromDomain != "paypal-check.example" || event.ReturnPathDomain != "mailer.example" || event.RecipientCount != 1 || len(event.URLHosts) != 1 {
		t.Errorf("%+v", event)
	}
	for _, trait := range []string{"header.brand_name", "url.ip_literal", "url.anchor_mismatch", "body.account_threat"} {
		if !strings.Contains(strings.Join(event.Traits, " "), trait) {
			t.Errorf("no %s among %v", trait, event.Traits)
		}
	}
	if bytes.Contains(bytes.ToLower(messages[0].Value), []byte("planted")) {
		t.Errorf("a recipient or a word of the mail is in %s", messages[0].Value)
	}
}

func TestSMTPCaptureIsBounded(t *testing.T) {
	t.Parallel()
	sink := &memorySink{}
	addr := startCapture(t, sink, SMTPOptions{MaxMessage: 4096, MaxRecipients: 2})
	client, err := smtp.Dial(addr)
	if err != nil {
		t.Fatal(err)
	}
	defer client.Close()
	if err := client.Mail("a@b.example"); err != nil {
		t.Fatal(err)
	}
	for i := range 3 {
		if err := client.Rcpt("x@y.example"); (err != nil) != (i == 2) {
			t.Errorf("recipient %d: %v", i, err)
		}
	}
	w, err := client.Data()
	if err != nil {
		t.Fatal(err)
	}
	if _, err := w.Write([]byte(plantedMail + strings.Repeat("x", 9000) + "\r\n")); err != nil {
		t.Fatal(err)
	}
	if err := w.Close(); err == nil || !strings.Contains(err.Error(), "552") {
		t.Errorf("a message that is too large: %v", err)
	}
	if n := len(sink.taken()); n != 0 {
		t.Errorf("%d messages", n)
	}
}

func TestSMTPCaptureTurnsAway(t *testing.T) {
	t.Parallel()
	addr := startCapture(t, &memorySink{}, SMTPOptions{Concurrent: 1, Idle: time.Minute})
	first, err := smtp.Dial(addr)
	if err != nil {
		t.Fatal(err)
	}
	defer first.Close()
	if _, err := smtp.Dial(addr); err == nil || !strings.Contains(err.Error(), "421") {
		t.Errorf("a second connection: %v", err)
	}
	if err := first.Noop(); err != nil {
		t.Error(err)
	}
}

// A command without end does not fill the memory.
func TestSMTPCaptureLongLine(t *testing.T) {
	t.Parallel()
	conn, err := net.Dial("tcp", startCapture(t, &memorySink{}, SMTPOptions{}))
	if err != nil {
		t.Fatal(err)
	}
	defer conn.Close()
	go func() { _, _ = conn.Write(bytes.Repeat([]byte("A"), 64<<10)) }()
	var said bytes.Buffer
	_, _ = said.ReadFrom(conn) // until it is closed
	if !strings.Contains(said.String(), "500") && !strings.HasPrefix(said.String(), "220") {
		t.Errorf("%q", said.String())
	}
}
