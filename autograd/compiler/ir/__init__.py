"""The intermediate representation: instructions in single assignment, and passes over them."""
