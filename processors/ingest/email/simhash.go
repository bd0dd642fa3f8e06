package email

import (
	"fmt"
	"hash/fnv"
	"math/bits"
	"strconv"
	"strings"
)

// fingerprint is a locality-sensitive hash of a text: SimHash of 64 bits over
// its runs of three words, digits left out. Texts that differ in a name or a
// number differ in few bits. Nothing for fewer than eight words.
func fingerprint(words string) string {
	list := strings.Fields(words)
	if len(list) < 8 {
		return ""
	}
	var weights [64]int
	for i := 0; i+2 < len(list) && i < 10_000; i++ {
		if strings.ContainsAny(list[i], "0123456789@") {
			continue
		}
		h := fnv.New64a()
		h.Write([]byte(list[i] + " " + list[i+1] + " " + list[i+2]))
		sum := h.Sum64()
		for bit := range weights {
			if sum>>bit&1 == 1 {
				weights[bit]++
			} else {
				weights[bit]--
			}
		}
	}
	var hash uint64
	for bit, weight := range weights {
		if weight > 0 {
			hash |= 1 << bit
		}
	}
	return fmt.Sprintf("%016x", hash)
}

// Distance returns in how many of 64 bits two body fingerprints differ: up to
// about 8 for variants of one text, about 32 for two texts. 64 where one is no
// fingerprint.
func Distance(a, b string) int {
	x, errX := strconv.ParseUint(a, 16, 64)
	y, errY := strconv.ParseUint(b, 16, 64)
	if errX != nil || errY != nil {
		return 64
	}
	return bits.OnesCount64(x ^ y)
}
