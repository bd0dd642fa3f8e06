package ingest

import (
	"bufio"
	"bytes"
	"errors"
	"io"
	"regexp"
	"strings"
)

// namedMail reports whether a file is named as mail is: .eml, .mbox, or an entry
// of a Maildir.
func namedMail(name string) bool {
	return strings.HasSuffix(name, ".eml") || strings.HasSuffix(name, ".mbox") || strings.Contains(name, ":2,")
}

// looksLikeMail reports whether an input begins as a message or a mailbox:
// several headers of a mail, and nothing before them.
func looksLikeMail(head []byte) bool {
	head = bytes.TrimLeft(head, "\r\n")
	if isMailbox(head) {
		_, head, _ = bytes.Cut(head, []byte("\n"))
	}
	known := 0
	for line := range bytes.Lines(head) {
		line = bytes.TrimRight(line, "\r\n")
		if len(line) == 0 {
			break
		}
		if line[0] == ' ' || line[0] == '\t' {
			continue
		}
		if !headerLine.Match(line) {
			return false
		}
		if mailHeader.Match(line) {
			known++
		}
	}
	return known >= 2
}

var (
	headerLine = regexp.MustCompile(`^[!-9;-~]+\s?:`)
	mailHeader = regexp.MustCompile(`(?i)^(from|to|subject|date|received|message-id|return-path|mime-version|delivered-to|reply-to|content-type):`)
	boxLine    = regexp.MustCompile(`^>?From \S+.*\d{4}\s*$`)
)

// isMailbox reports whether an input begins with the line that a mailbox puts
// before each message.
func isMailbox(head []byte) bool {
	first, _, _ := bytes.Cut(bytes.TrimLeft(head, "\r\n"), []byte("\n"))
	return boxLine.Match(bytes.TrimRight(first, "\r"))
}

// messageReader cuts a mailbox into its messages, or takes an input as one. A
// message begins at a line "From …" that ends in a year and follows a blank
// line: in a text, mailboxes quote such a line.
type messageReader struct {
	in     *bufio.Reader
	box    bool
	number int64
	offset int64
	// pending is the first line of the next message.
	pending []byte
	ended   bool
}

func newMessageReader(in io.Reader, box bool) *messageReader {
	return &messageReader{in: bufio.NewReaderSize(in, headSize), box: box}
}

// rest implements records: the last message is returned by next.
func (r *messageReader) rest() (line, bool) { return line{}, false }

func (r *messageReader) next() (line, error) {
	if r.ended {
		return line{}, io.EOF
	}
	l := line{message: true, number: r.number + 1, start: r.offset}
	text := bytes.Clone(r.pending)
	l.size = int64(len(text))
	blank := len(text) == 0 // the first line of the input begins a message
	if len(text) > 0 {
		l.number = r.number
		r.offset += l.size
	}
	for {
		part, err := r.in.ReadSlice('\n')
		whole := err == nil
		if err != nil && !errors.Is(err, bufio.ErrBufferFull) && !errors.Is(err, io.EOF) {
			return line{}, err
		}
		if whole {
			r.number++
		}
		if r.box && blank && l.size > 0 && boxLine.Match(bytes.TrimRight(part, "\r\n")) {
			r.pending = bytes.Clone(part)
			break
		}
		r.offset += int64(len(part))
		l.size += int64(len(part))
		if l.size <= MaxMessageBytes {
			text = append(text, part...)
		}
		if errors.Is(err, io.EOF) {
			r.ended = true
			break
		}
		blank = whole && len(bytes.TrimRight(part, "\r\n")) == 0
	}
	if l.size == 0 {
		return line{}, io.EOF
	}
	l.text, l.end = text, r.offset
	return l, nil
}
