"""What can stop a command and a person can mend."""


class CommandError(Exception):
    """The command cannot go on. Its message, or else its docstring, is all that is shown."""

    def __str__(self) -> str:
        return super().__str__() or (type(self).__doc__ or "")
