package ingest

import (
	"context"
	"crypto/sha256"
	"crypto/subtle"
	"errors"
	"io"
	"net/http"
	"strings"
	"time"
)

// MaxWebhookBytes bounds a posted body; the largest that a console sends is a
// few kilobytes.
const MaxWebhookBytes = MaxLineBytes

// ReceiverOptions says who may post. Secret is required.
type ReceiverOptions struct {
	// Secret is what a sender must know: at least 16 bytes. It comes in the
	// header Authorization (as Bearer), in X-Webhook-Secret, or as the last part
	// of the path, because canarytokens.org and most consoles can be told a URL
	// and nothing else.
	Secret string
	// Concurrent bounds how many posts are read at once; more are told to come
	// again. Defaults to 32.
	Concurrent int
	// Patience bounds how long publishing one post may take. Defaults to 10 s.
	Patience time.Duration
}

// Receiver takes webhooks: each post is one record of a format that auto knows,
// or a list of them, published before it is answered. It answers 202 when all
// is published or refused with a dead letter, 401 without the secret, 405, 413
// and 429 for what is too much, and 503 when the broker takes nothing, so that
// a sender tries again.
//
// Nothing of a post is told back, and nothing of one without the secret is
// read.
type Receiver struct {
	ingester *Ingester
	secret   [sha256.Size]byte
	room     chan struct{}
	patience time.Duration
}

// NewReceiver returns a handler that publishes by way of an ingester, whose
// format decides what is taken. Errors: no ingester, or a secret that is too
// short.
func NewReceiver(i *Ingester, o ReceiverOptions) (*Receiver, error) {
	if i == nil {
		return nil, errors.New("receiver: an ingester is required")
	}
	if len(o.Secret) < 16 {
		return nil, errors.New("receiver: Secret: at least 16 bytes; make one with: openssl rand -hex 32")
	}
	if o.Concurrent <= 0 {
		o.Concurrent = 32
	}
	if o.Patience <= 0 {
		o.Patience = 10 * time.Second
	}
	return &Receiver{ingester: i, secret: sha256.Sum256([]byte(o.Secret)), room: make(chan struct{}, o.Concurrent), patience: o.Patience}, nil
}

// ServeHTTP implements [http.Handler].
func (r *Receiver) ServeHTTP(w http.ResponseWriter, request *http.Request) {
	w.Header().Set("Cache-Control", "no-store")
	if !r.knows(request) {
		http.Error(w, "the secret is missing or wrong", http.StatusUnauthorized)
		return
	}
	if request.Method != http.MethodPost {
		w.Header().Set("Allow", http.MethodPost)
		http.Error(w, "post the event", http.StatusMethodNotAllowed)
		return
	}
	select {
	case r.room <- struct{}{}:
		defer func() { <-r.room }()
	default:
		w.Header().Set("Retry-After", "1")
		http.Error(w, "too many posts at once", http.StatusTooManyRequests)
		return
	}
	body, err := io.ReadAll(http.MaxBytesReader(w, request.Body, MaxWebhookBytes))
	var tooLarge *http.MaxBytesError
	switch {
	case errors.As(err, &tooLarge):
		http.Error(w, "the event is too large", http.StatusRequestEntityTooLarge)
	case err != nil:
		http.Error(w, "the event did not arrive whole", http.StatusBadRequest)
	case r.publish(request.Context(), body) != nil:
		w.Header().Set("Retry-After", "5")
		http.Error(w, "the event cannot be stored now", http.StatusServiceUnavailable)
	default:
		w.WriteHeader(http.StatusAccepted)
	}
}

// publish returns when the post's records are acknowledged.
func (r *Receiver) publish(ctx context.Context, body []byte) error {
	ctx, cancel := context.WithTimeout(ctx, r.patience)
	defer cancel()
	if err := r.ingester.Reader(ctx, "webhook", strings.NewReader(string(body))); err != nil {
		return err
	}
	return r.ingester.publisher.sink.Flush(ctx)
}

// knows reports whether a request brings the secret, in a time that does not
// depend on how much of it is right.
func (r *Receiver) knows(request *http.Request) bool {
	last := request.URL.Path[strings.LastIndexByte(request.URL.Path, '/')+1:]
	bearer, _ := strings.CutPrefix(request.Header.Get("Authorization"), "Bearer ")
	known := 0
	for _, offered := range [...]string{bearer, request.Header.Get("X-Webhook-Secret"), last} {
		sum := sha256.Sum256([]byte(offered))
		known |= subtle.ConstantTimeCompare(sum[:], r.secret[:])
	}
	return known == 1
}
