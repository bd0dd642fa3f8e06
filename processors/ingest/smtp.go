package ingest

import (
	"bufio"
	"bytes"
	"cmp"
	"context"
	"errors"
	"fmt"
	"net"
	"net/netip"
	"strings"
	"sync"
	"time"
)

// SMTPOptions say how a capture behaves. The zero value is ready for use.
type SMTPOptions struct {
	// Hostname is what it calls itself. Defaults to mail.
	Hostname string
	// MaxMessage bounds a message, in bytes. Defaults to 8 MiB, at most
	// [MaxMessageBytes].
	MaxMessage int
	// MaxRecipients bounds the recipients of a message; more are refused, as
	// servers do. Defaults to 1000.
	MaxRecipients int
	// Concurrent bounds the connections at once; more are turned away. Defaults
	// to 64.
	Concurrent int
	// Idle ends a connection on which nothing came for so long. Defaults to one
	// minute.
	Idle time.Duration
	// Now is the clock. Defaults to [time.Now].
	Now func() time.Time
}

// SMTPCapture is a mail server that takes every message for everybody, passes
// none on, and publishes what mail is reduced to. It speaks as much of SMTP as
// is needed to be sent something, and no TLS. It writes a Received header, as
// any server does: from it is known whose the message is, and when it came.
type SMTPCapture struct {
	ingester *Ingester
	options  SMTPOptions
	room     chan struct{}
}

// NewSMTPCapture returns a capture that publishes by way of an ingester. Errors:
// there is none.
func NewSMTPCapture(i *Ingester, o SMTPOptions) (*SMTPCapture, error) {
	if i == nil {
		return nil, errors.New("smtp capture: an ingester is required")
	}
	o.Hostname = cmp.Or(o.Hostname, "mail")
	o.MaxMessage = min(cmp.Or(o.MaxMessage, 8<<20), MaxMessageBytes)
	o.MaxRecipients, o.Concurrent = cmp.Or(o.MaxRecipients, 1000), cmp.Or(o.Concurrent, 64)
	o.Idle = cmp.Or(o.Idle, time.Minute)
	if o.Now == nil {
		o.Now = time.Now
	}
	return &SMTPCapture{ingester: i, options: o, room: make(chan struct{}, o.Concurrent)}, nil
}

// Serve answers connections until ctx ends (nil) or the listener fails. It
// returns when every connection is closed.
func (s *SMTPCapture) Serve(ctx context.Context, listener net.Listener) error {
	ctx, cancel := context.WithCancel(ctx)
	defer cancel()
	stop := context.AfterFunc(ctx, func() { _ = listener.Close() })
	defer stop()
	var open sync.WaitGroup
	defer open.Wait()
	for {
		conn, err := listener.Accept()
		if err != nil {
			if ctx.Err() != nil {
				return nil
			}
			return err
		}
		select {
		case s.room <- struct{}{}:
		default:
			_, _ = conn.Write([]byte("421 too many connections\r\n"))
			_ = conn.Close()
			continue
		}
		open.Go(func() {
			defer func() { <-s.room }()
			defer conn.Close()
			closing := context.AfterFunc(ctx, func() { _ = conn.Close() })
			defer closing()
			d := &dialogue{capture: s, conn: conn, in: bufio.NewReaderSize(conn, 4096)}
			d.run(ctx)
		})
	}
}

// dialogue is one connection.
type dialogue struct {
	capture    *SMTPCapture
	conn       net.Conn
	in         *bufio.Reader
	helo       string
	from       string
	sender     bool
	recipients int
}

func (d *dialogue) say(format string, args ...any) error {
	_, err := fmt.Fprintf(d.conn, format+"\r\n", args...)
	return err
}

// maxSMTPLine bounds a command; RFC 5321 has 512.
const maxSMTPLine = 2048

var errLineTooLong = errors.New("line too long")

// line reads one command.
func (d *dialogue) line() (string, error) {
	if err := d.conn.SetDeadline(d.capture.options.Now().Add(d.capture.options.Idle)); err != nil {
		return "", err
	}
	raw, err := d.in.ReadSlice('\n')
	if errors.Is(err, bufio.ErrBufferFull) || len(raw) > maxSMTPLine {
		return "", errLineTooLong
	}
	if err != nil {
		return "", err
	}
	return strings.ToValidUTF8(strings.TrimRight(string(raw), "\r\n"), "\uFFFD"), nil
}

func (d *dialogue) run(ctx context.Context) {
	err := d.say("220 %s ESMTP", d.capture.options.Hostname)
	for err == nil {
		var command string
		if command, err = d.line(); err != nil {
			break
		}
		verb, argument, _ := strings.Cut(command, " ")
		if strings.EqualFold(verb, "QUIT") {
			_ = d.say("221 bye")
			return
		}
		err = d.answer(ctx, strings.ToUpper(verb), strings.TrimSpace(argument))
	}
	if errors.Is(err, errLineTooLong) {
		_ = d.say("500 line too long")
	}
}

func (d *dialogue) answer(ctx context.Context, verb, argument string) error {
	switch verb {
	case "HELO":
		d.helo = argument
		return d.say("250 %s", d.capture.options.Hostname)
	case "EHLO":
		d.helo = argument
		return d.say("250-%s\r\n250-SIZE %d\r\n250 8BITMIME", d.capture.options.Hostname, d.capture.options.MaxMessage)
	case "MAIL":
		d.reset()
		d.from, d.sender = pathOf(argument), true
		return d.say("250 ok")
	case "RCPT":
		switch {
		case !d.sender:
			return d.say("503 say MAIL first")
		case d.recipients >= d.capture.options.MaxRecipients:
			return d.say("452 too many recipients")
		}
		d.recipients++
		return d.say("250 ok")
	case "DATA":
		return d.data(ctx)
	case "RSET":
		d.reset()
		return d.say("250 ok")
	case "NOOP":
		return d.say("250 ok")
	case "VRFY", "EXPN":
		return d.say("252 send it and see")
	}
	return d.say("502 not here")
}

func (d *dialogue) reset() { d.from, d.sender, d.recipients = "", false, 0 }

// pathOf returns the address of MAIL FROM, without what could break a header.
func pathOf(argument string) string {
	_, rest, _ := strings.Cut(argument, "<")
	address, _, _ := strings.Cut(rest, ">")
	return clip(strings.Map(func(r rune) rune {
		if r <= ' ' || r == 0x7f {
			return -1
		}
		return r
	}, address), 320)
}

// data reads a message and publishes it. A message is answered with 250 when it
// is acknowledged, so that one that was taken is not lost.
func (d *dialogue) data(ctx context.Context) error {
	if d.recipients == 0 {
		return d.say("503 say RCPT first")
	}
	if err := d.say("354 end with a dot"); err != nil {
		return err
	}
	message, err := d.message()
	if err != nil {
		return err
	}
	if message == nil {
		return d.say("552 too large")
	}
	defer d.reset()
	if err := d.capture.publish(ctx, message); err != nil {
		return d.say("451 not now")
	}
	return d.say("250 taken")
}

// message reads up to the lone dot; nil where it is too large.
func (d *dialogue) message() ([]byte, error) {
	var text bytes.Buffer
	text.WriteString(d.trace())
	start, large := true, false // of a line
	for {
		if err := d.conn.SetDeadline(d.capture.options.Now().Add(d.capture.options.Idle)); err != nil {
			return nil, err
		}
		part, err := d.in.ReadSlice('\n')
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) {
			return nil, err
		}
		if start && (string(part) == ".\r\n" || string(part) == ".\n") {
			break
		}
		if start {
			part = bytes.TrimPrefix(part, []byte("."))
		}
		start = err == nil
		if large = large || text.Len()+len(part) > d.capture.options.MaxMessage; !large {
			text.Write(part)
		}
	}
	if large {
		return nil, nil
	}
	return text.Bytes(), nil
}

// trace is what a server writes above a message: from where it came, and when.
func (d *dialogue) trace() string {
	peer := "unknown"
	if addr, err := netip.ParseAddrPort(d.conn.RemoteAddr().String()); err == nil {
		peer = addr.Addr().Unmap().WithZone("").String()
	}
	helo := clip(strings.Map(func(r rune) rune {
		if r <= ' ' || r > '~' || strings.ContainsRune("()[];", r) {
			return -1
		}
		return r
	}, d.helo), 255)
	return fmt.Sprintf("Return-Path: <%s>\r\nReceived: from %s ([%s])\r\n\tby %s with ESMTP; %s\r\n", d.from, or(helo, "unknown"), peer,
		d.capture.options.Hostname, d.capture.options.Now().UTC().Format(time.RFC1123Z))
}

// publish returns when a message is acknowledged.
func (s *SMTPCapture) publish(ctx context.Context, message []byte) error {
	file := s.ingester.newFile("smtp", Mail{})
	l := line{text: message, size: int64(len(message)), number: 1, message: true}
	if err := file.publish(ctx, &l); err != nil {
		return err
	}
	return s.ingester.publisher.sink.Flush(ctx)
}
