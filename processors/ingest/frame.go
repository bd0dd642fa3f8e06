package ingest

import (
	"bufio"
	"bytes"
	"encoding/json"
	"errors"
	"io"
)

// How an input is cut into records. A log has one a line. A document of JSON
// that spans lines has one each value, or each entry of its outermost list. A
// mail is one record, a mailbox one a mail. Which it is, is seen by the first
// bytes; a file that is followed as it grows is a log.

// records cuts an input into records. lineReader is the one for logs.
type records interface {
	// next returns the next whole record. Errors: io.EOF after the last, and
	// the input's own.
	next() (line, error)
	// rest returns what stands after the last whole record. ok is false where
	// nothing does.
	rest() (l line, ok bool)
}

// headSize is how much of an input is looked at to see what it is, in bytes.
const headSize = 64 << 10

// framed is a source whose records may be others than lines.
type framed interface {
	// cut returns what cuts an input that begins with head, or nil where its
	// records are lines.
	cut(head []byte, in io.Reader) records
}

// cut finds out what an input is, by its name and its first bytes, and returns
// what cuts it and the format to decode its records by.
func (i *Ingester) cut(name string, in io.Reader) (records, Source, error) {
	buffered := bufio.NewReaderSize(in, headSize)
	head, err := buffered.Peek(headSize)
	if err != nil && !errors.Is(err, io.EOF) && !errors.Is(err, bufio.ErrBufferFull) && len(head) == 0 {
		return nil, nil, err
	}
	format := i.format
	if _, any := format.(auto); any && (namedMail(name) || looksLikeMail(head)) {
		format = Mail{}
	}
	if f, ok := format.(framed); ok {
		if cutter := f.cut(head, buffered); cutter != nil {
			return cutter, format, nil
		}
	}
	if spansLines(head) {
		return newValueReader(buffered), format, nil
	}
	return newLineReader(buffered), format, nil
}

// spansLines reports whether an input is a document of JSON with values that
// span lines, or one list. A log has an object on its first line.
func spansLines(head []byte) bool {
	text := bytes.TrimLeft(bytes.TrimPrefix(head, []byte("\xef\xbb\xbf")), " \t\r\n")
	if len(text) == 0 || text[0] != '[' && text[0] != '{' {
		return false
	}
	first, _, found := bytes.Cut(text, []byte("\n"))
	if text[0] == '{' && (!found || json.Valid(first)) {
		return false
	}
	var value json.RawMessage
	err := json.NewDecoder(bytes.NewReader(text)).Decode(&value)
	return err == nil || errors.Is(err, io.ErrUnexpectedEOF) && text[0] == '[' || errors.Is(err, io.ErrUnexpectedEOF) && !json.Valid(first) && opens(first)
}

// opens reports whether a first line is the start of an object that goes on.
func opens(first []byte) bool {
	first = bytes.TrimSpace(first)
	return len(first) > 0 && (first[len(first)-1] == '{' || first[len(first)-1] == ',' || first[len(first)-1] == '[')
}
