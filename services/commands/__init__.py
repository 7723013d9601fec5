"""What `doorstep` does for people at a terminal, a module a command; `services.cli` names them."""
