"""What people see and type: the pages, the charts, the command line."""
