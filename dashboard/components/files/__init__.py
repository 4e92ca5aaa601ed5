"""Files brought in: chosen, looked at, doubted, refused or stored."""
