package ingest

import (
	"errors"
	"net/http"
	"net/http/httptest"
	"strings"
	"testing"

	"github.com/ttpstream/ttpstream/schemas"
)

const (
	webhookSecret = "0123456789abcdef-secret"
	webhookBody   = `{"channel":"HTTP","token_type":"aws_keys","src_ip":"198.51.100.7","token":"t","time":"2026-08-21 10:00:15 (UTC)","manage_url":"https://c.example/?auth=x","additional_data":{"useragent":"curl/8"}}`
)

func post(t *testing.T, sink Sink, method, path, header, body string) *httptest.ResponseRecorder {
	t.Helper()
	r, err := NewReceiver(newIngester(t, Options{Sink: sink}), ReceiverOptions{Secret: webhookSecret})
	if err != nil {
		t.Fatal(err)
	}
	request := httptest.NewRequest(method, path, strings.NewReader(body))
	if name, value, ok := strings.Cut(header, ": "); ok {
		request.Header.Set(name, value)
	}
	answer := httptest.NewRecorder()
	r.ServeHTTP(answer, request)
	return answer
}

func TestReceiver(t *testing.T) {
	t.Parallel()
	for name, c := range map[string]struct {
		method, path, header, body string
		code, messages             int
	}{
		"in the path":     {"POST", "/hook/" + webhookSecret, "", webhookBody, http.StatusAccepted, 1},
		"as bearer":       {"POST", "/hook", "Authorization: Bearer " + webhookSecret, webhookBody, http.StatusAccepted, 1},
		"in a header":     {"POST", "/hook", "X-Webhook-Secret: " + webhookSecret, "[" + webhookBody + "," + webhookBody + "]", http.StatusAccepted, 2},
		"no secret":       {"POST", "/hook", "", webhookBody, http.StatusUnauthorized, 0},
		"wrong secret":    {"POST", "/hook/" + webhookSecret + "x", "", webhookBody, http.StatusUnauthorized, 0},
		"part of it":      {"POST", "/hook/" + webhookSecret[:16], "", webhookBody, http.StatusUnauthorized, 0},
		"another method":  {"GET", "/hook/" + webhookSecret, "", "", http.StatusMethodNotAllowed, 0},
		"no event":        {"POST", "/hook/" + webhookSecret, "", "hello", http.StatusAccepted, 1},
		"too large":       {"POST", "/hook/" + webhookSecret, "", strings.Repeat("x", MaxWebhookBytes+1), http.StatusRequestEntityTooLarge, 0},
		"as large as may": {"POST", "/hook/" + webhookSecret, "", strings.Repeat(" ", MaxWebhookBytes-len(webhookBody)) + webhookBody, http.StatusAccepted, 1},
	} {
		t.Run(name, func(t *testing.T) {
			t.Parallel()
			sink := &memorySink{}
			answer := post(t, sink, c.method, c.path, c.header, c.body)
			if answer.Code != c.code || len(sink.taken()) != c.messages {
				t.Errorf("%d with %d messages, want %d with %d: %s", answer.Code, len(sink.taken()), c.code, c.messages, answer.Body)
			}
			if strings.Contains(answer.Body.String(), webhookSecret) {
				t.Error("the answer tells the secret")
			}
		})
	}
}

func TestReceiverSaysWhenNothingIsStored(t *testing.T) {
	t.Parallel()
	answer := post(t, &memorySink{fail: errors.New("no broker")}, "POST", "/"+webhookSecret, "", webhookBody)
	if answer.Code != http.StatusServiceUnavailable || answer.Header().Get("Retry-After") == "" {
		t.Errorf("%d %v", answer.Code, answer.Header())
	}
}

func TestReceiverIsBounded(t *testing.T) {
	t.Parallel()
	r, err := NewReceiver(newIngester(t, Options{Sink: &memorySink{}}), ReceiverOptions{Secret: webhookSecret, Concurrent: 1})
	if err != nil {
		t.Fatal(err)
	}
	r.room <- struct{}{} // as if one were being read
	answer := httptest.NewRecorder()
	r.ServeHTTP(answer, httptest.NewRequest("POST", "/"+webhookSecret, strings.NewReader(webhookBody)))
	if answer.Code != http.StatusTooManyRequests {
		t.Errorf("%d", answer.Code)
	}
	if _, err := NewReceiver(nil, ReceiverOptions{Secret: webhookSecret}); err == nil {
		t.Error("a receiver without an ingester")
	}
	if _, err := NewReceiver(newIngester(t, Options{Sink: &memorySink{}}), ReceiverOptions{Secret: "short"}); err == nil {
		t.Error("a short secret is taken")
	}
}

// A post over a real connection comes out as a canary event.
func TestReceiverOverHTTP(t *testing.T) {
	t.Parallel()
	sink := &memorySink{}
	r, err := NewReceiver(newIngester(t, Options{Sink: sink}), ReceiverOptions{Secret: webhookSecret})
	if err != nil {
		t.Fatal(err)
	}
	server := httptest.NewServer(r)
	defer server.Close()
	answer, err := http.Post(server.URL+"/hook/"+webhookSecret, "application/json", strings.NewReader(webhookBody))
	if err != nil {
		t.Fatal(err)
	}
	defer answer.Body.Close()
	messages := sink.taken()
	if answer.StatusCode != http.StatusAccepted || len(messages) != 1 {
		t.Fatalf("%d, %d messages", answer.StatusCode, len(messages))
	}
	event, err := schemas.Decode[schemas.CanaryEvent](messages[0].Value)
	if err != nil || event.TokenType != "aws_keys" || strings.Contains(string(messages[0].Value), "auth=") {
		t.Errorf("%+v, %v", event, err)
	}
}
