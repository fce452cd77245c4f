"""What people type: `./run TASK`. Each task is a thin word for a module of `commands`."""
