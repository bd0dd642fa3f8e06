// Package schematest builds records for tests: valid, realistic and the same
// in every run. A test states only what it is about:
//
//	event := schematest.Command(func(e *schemas.CommandEvent) { e.Command = "uname -a" })
//	tag := schematest.Tag(t, func(f *schemas.Tag) { f.Confidence = 0.4 })
//
// Every builder takes functions that change its defaults, called in order.
// Nothing is validated but tags, which cannot be had otherwise: a test about
// what is refused builds what is refused.
//
// An event's id is a function of its content, unless a function sets it: two
// calls that say the same give the same id, two that differ give two.
package schematest
