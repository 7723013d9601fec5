"""A day in virtual time: tasks come in, teams walk, what goes wrong goes wrong; who gets what is a policy's to say."""
