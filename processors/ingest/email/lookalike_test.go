package email

import (
	"slices"
	"testing"
)

func TestLookalike(t *testing.T) {
	t.Parallel()
	for domain, want := range map[string]bool{
		"paypal.com": false, "xn--pypal-4ve.com": true, "аррӏе.com": true, "пример.рф": false, "münchen.de": false, "xn--mnchen-3ya.de": false, "gοοgle.com": true, "日本.jp": false,
	} {
		if got := lookalike(domain); got != want {
			t.Errorf("lookalike(%s) = %t", domain, got)
		}
	}
}

func TestBrands(t *testing.T) {
	t.Parallel()
	for host, want := range map[string]bool{
		"paypal.com": false, "www.paypal.co.uk": false, "paypal.com.verify.example": true, "secure-paypal.example": true, "paypa1.example": true, "pineapple.example": false, "mail.google.com": false,
	} {
		if got := brandInHost(host) != nil; got != want {
			t.Errorf("brandInHost(%s) = %t", host, got)
		}
	}
	if brandIn("PayPal Security") == nil || brandIn("a pineapple") != nil {
		t.Error("brandIn")
	}
}

// The lists of traits hold every trait that the reader gives.
func TestEveryTraitIsListed(t *testing.T) {
	t.Parallel()
	listed := slices.Concat(HeaderTraits, URLTraits, BodyTraits, AttachmentTraits)
	for _, path := range messages(t) {
		event, err := Reduce(read(t, path), Options{})
		if err != nil {
			t.Fatal(err)
		}
		for _, trait := range event.Traits {
			if !slices.Contains(listed, trait) {
				t.Errorf("%s is in no list", trait)
			}
		}
	}
	for _, w := range wordTraits {
		if !slices.Contains(listed, w.trait) {
			t.Errorf("%s is in no list", w.trait)
		}
	}
}
