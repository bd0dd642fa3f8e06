package broker

import (
	"context"
	"fmt"
	"log/slog"
	"strings"

	"github.com/twmb/franz-go/pkg/kfake"
)

// unwritten are the beginnings of the messages by which kfake tells that
// something it goes on to acknowledge did not reach the disk. Their answers
// are still unsent when the message is logged.
var unwritten = []string{
	"persist ",                 // batches, commits, producer ids, topics, configs
	"save session state",       // at Close
	"endTx: failed to persist", // a transaction's marker
	"delete topic",             // a deleted partition's files
}

// logger hands kfake's log to slog, and turns an unwritten acknowledgement
// into a stop of the broker.
type logger struct {
	log  *slog.Logger
	fail func(error)
}

// Logf implements [kfake.Logger].
func (l *logger) Logf(level kfake.LogLevel, format string, args ...any) {
	if level <= kfake.LogLevelWarn {
		for _, prefix := range unwritten {
			if strings.HasPrefix(format, prefix) {
				l.fail(fmt.Errorf(format, args...))
				return
			}
		}
	}
	at := slog.LevelDebug
	switch level {
	case kfake.LogLevelError:
		at = slog.LevelError
	case kfake.LogLevelWarn:
		at = slog.LevelWarn
	}
	if !l.log.Enabled(context.Background(), at) {
		return
	}
	l.log.Log(context.Background(), at, fmt.Sprintf(format, args...))
}
