package projections

// NewTinyPicture returns a Picture whose every bound is n.
func NewTinyPicture(n int) *Picture {
	return newPicture(limits{tactics: n, rows: n, distinct: n, sessions: n, attackers: n, techniques: n, tokens: n, rules: n})
}

// TokensOf is tokensOf.
var TokensOf = tokensOf
