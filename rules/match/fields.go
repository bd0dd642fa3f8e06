package match

// Fields is one flat set of facts: names with one or more values, in the
// order they were added. The zero value is empty and ready for use. Not safe
// for concurrent writes; concurrent reads are safe.
type Fields struct {
	list []Field
	// ids numbers the fields at the front of list as an engine does.
	ids []int32
	of  *Engine
}

// Field is a named fact with its values.
type Field struct {
	Name   string
	Values []Value
}

// Add appends a text value under name.
func (f *Fields) Add(name, text string) { f.add(name, Text(text)) }

// AddAll appends each text under name. Nothing is added for an empty list.
func (f *Fields) AddAll(name string, texts []string) {
	for _, text := range texts {
		f.add(name, Text(text))
	}
}

// AddInt appends a whole number under name.
func (f *Fields) AddInt(name string, n int64) { f.add(name, Number(float64(n))) }

// AddFloat appends a number under name.
func (f *Fields) AddFloat(name string, n float64) { f.add(name, Number(n)) }

// AddBool appends a truth value under name.
func (f *Fields) AddBool(name string, b bool) { f.add(name, Bool(b)) }

// AddNull records that name is there without a value, which is how Sigma
// tells a null field from an absent one. It is a no-op where values exist.
func (f *Fields) AddNull(name string) { f.slot(name) }

// AddRef adds a field under a name that an engine has looked up, without a
// value, and returns its place for [Fields.Append]. The set must not have a
// field of that name yet; all of a set's refs must be of one engine, and come
// before what is added by name.
func (f *Fields) AddRef(ref Ref) int {
	if len(f.ids) == len(f.list) && (f.of == ref.of || len(f.ids) == 0) {
		f.of = ref.of
		f.ids = append(f.ids, ref.id)
	}
	f.push(ref.name)
	return len(f.list) - 1
}

// Append appends a value to the field at a place that AddRef has returned.
func (f *Fields) Append(place int, v Value) {
	f.list[place].Values = append(f.list[place].Values, v)
}

// Lookup returns the values of name, and whether the field is there at all.
// The slice must not be changed.
func (f *Fields) Lookup(name string) ([]Value, bool) {
	for i := range f.list {
		if f.list[i].Name == name {
			return f.list[i].Values, true
		}
	}
	return nil, false
}

// All returns every field in the order of first addition. The slice must not
// be changed.
func (f *Fields) All() []Field { return f.list }

// Len returns the number of distinct names.
func (f *Fields) Len() int { return len(f.list) }

// Reset empties the set and keeps its memory.
func (f *Fields) Reset() {
	for i := range f.list {
		clear(f.list[i].Values)
		f.list[i].Values = f.list[i].Values[:0]
		f.list[i].Name = ""
	}
	f.list, f.ids, f.of = f.list[:0], f.ids[:0], nil
}

func (f *Fields) add(name string, v Value) {
	slot := f.slot(name)
	slot.Values = append(slot.Values, v)
}

func (f *Fields) slot(name string) *Field {
	for i := range f.list {
		if f.list[i].Name == name {
			return &f.list[i]
		}
	}
	f.push(name)
	return &f.list[len(f.list)-1]
}

func (f *Fields) push(name string) {
	if len(f.list) < cap(f.list) {
		f.list = f.list[:len(f.list)+1]
		f.list[len(f.list)-1].Name = name
	} else {
		f.list = append(f.list, Field{Name: name})
	}
}
