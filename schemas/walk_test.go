package schemas_test

import (
	"reflect"
	"strings"

	"github.com/ttpstream/ttpstream/schemas"
)

// place is one settable value in a record: a field, or an element of a list.
type place struct {
	// owner is the struct whose JSON object holds the field: of an embedded
	// struct's fields, the outer one. field is the JSON spelling.
	owner, field string
	// element says that value is an element of the field's list.
	element bool
	value   reflect.Value
}

func (p place) String() string {
	if p.element {
		return p.owner + "." + p.field + "[]"
	}
	return p.owner + "." + p.field
}

// places returns every place of a record, those inside structs, lists,
// pointers and evidence included.
func places(record any) []place {
	var found []place
	walk(reflect.ValueOf(record), place{}, &found)
	return found
}

func walk(value reflect.Value, at place, found *[]place) {
	if at.field != "" && value.CanSet() {
		at.value = value
		*found = append(*found, at)
	}
	switch value.Kind() {
	case reflect.Pointer, reflect.Interface:
		if value.IsNil() {
			return
		}
		if value.Elem().Kind() == reflect.Struct || value.Kind() == reflect.Interface {
			at = place{} // the struct's fields have places of their own
		}
		walk(value.Elem(), at, found)
	case reflect.Slice:
		if value.Type().Elem().Kind() == reflect.Uint8 {
			return
		}
		for i := range value.Len() {
			at.element = true
			walk(value.Index(i), at, found)
		}
	case reflect.Struct:
		if value.Type().PkgPath() != reflect.TypeFor[schemas.Tag]().PkgPath() {
			return // a time
		}
		if at.owner == "" || at.field != "" {
			at = place{owner: value.Type().Name()}
		}
		for i := range value.NumField() {
			field := value.Type().Field(i)
			at.field, _, _ = strings.Cut(field.Tag.Get("json"), ",")
			walk(value.Field(i), at, found)
		}
	}
}

// try sets a place, runs f and puts the old value back.
func (p place) try(value reflect.Value, f func()) {
	old := reflect.New(p.value.Type()).Elem()
	old.Set(p.value)
	p.value.Set(value.Convert(p.value.Type()))
	f()
	p.value.Set(old)
}
