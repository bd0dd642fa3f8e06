package facts

// lookup returns the value that the line gave a variable.
func (l *lifter) lookup(name string) (text, bool) {
	for i := len(l.vars) - 1; i >= 0; i-- {
		if l.vars[i].name == name {
			return l.vars[i].value, true
		}
	}
	return text{}, false
}

func (l *lifter) set(name string, value text) {
	for i := range l.vars {
		if l.vars[i].name == name {
			l.vars[i].value = value
			return
		}
	}
	if len(l.vars) == maxVars {
		l.truncate()
		return
	}
	l.vars = append(l.vars, variable{name, value})
}

// unset makes a variable unknown again.
func (l *lifter) unset(name string) {
	for i := range l.vars {
		if l.vars[i].name == name {
			l.vars[i].value = text{}
		}
	}
}

// separators returns what splits unquoted values into fields.
func (l *lifter) separators() string {
	if v, ok := l.lookup("IFS"); ok && v.known {
		return v.s
	}
	return " \t\n"
}

// store remembers what the line wrote to a file, so that running or reading
// the file later in the line is understood.
func (l *lifter) store(name string, content text, appending bool) {
	if name == "" || content.s == "" || name == "/dev/null" {
		return
	}
	if old, ok := recall(l.files, name); ok && appending {
		if !l.spend(len(old.s) + len(content.s)) {
			return
		}
		content = concat("", old, content)
	}
	l.files = l.remember(l.files, name, content)
}

func (l *lifter) remember(files []file, name string, content text) []file {
	for i := range files {
		if files[i].name == name {
			files[i].content = content
			return files
		}
	}
	if len(files) == maxFiles {
		l.truncate()
		return files
	}
	return append(files, file{name, content})
}

func recall(files []file, name string) (text, bool) {
	for i := range files {
		if files[i].name == name {
			return files[i].content, true
		}
	}
	return text{}, false
}
