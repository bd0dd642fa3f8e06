package access

import "strings"

// Role is what a caller may.
type Role int

// The roles, each including those before it.
const (
	None Role = iota
	Viewer
	Admin
)

// String returns the role as claims spell it.
func (r Role) String() string {
	switch r {
	case Viewer:
		return "viewer"
	case Admin:
		return "admin"
	}
	return "none"
}

// ParseRole reads viewer or admin.
func ParseRole(name string) (role Role, ok bool) {
	for _, r := range []Role{Viewer, Admin} {
		if r.String() == name {
			return r, true
		}
	}
	return None, false
}

// Caller is who asks.
type Caller struct {
	// Subject is the token's sub, at most 256 bytes.
	Subject string
	Role    Role
}

// maxSubject bounds what becomes part of records, in bytes.
const maxSubject = 256

// roleIn returns the highest role that a claim names. The claim is a list of
// names or one text of names with spaces between; its own name may be a path
// with dots, as in realm_access.roles.
func roleIn(claims map[string]any, claim string, roles map[string]Role) Role {
	highest := None
	for _, name := range names(find(claims, claim)) {
		highest = max(highest, roles[name])
	}
	return highest
}

// find returns the claim of that very name, else what is at the path.
func find(claims map[string]any, claim string) any {
	if value, ok := claims[claim]; ok {
		return value
	}
	var at any = claims
	for step := range strings.SplitSeq(claim, ".") {
		inner, ok := at.(map[string]any)
		if !ok {
			return nil
		}
		at = inner[step]
	}
	return at
}

func names(claim any) []string {
	switch value := claim.(type) {
	case string:
		return strings.Fields(value)
	case []any:
		var list []string
		for _, item := range value {
			if name, ok := item.(string); ok {
				list = append(list, name)
			}
		}
		return list
	}
	return nil
}

// callerOf makes the caller of verified claims.
func callerOf(claims map[string]any, o *Options) Caller {
	subject, _ := claims["sub"].(string)
	if len(subject) > maxSubject {
		subject = strings.ToValidUTF8(subject[:maxSubject], "")
	}
	return Caller{Subject: subject, Role: roleIn(claims, o.RoleClaim, o.Roles)}
}
