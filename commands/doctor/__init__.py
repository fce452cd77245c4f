"""`./run doctor`: whether the whole house is well, and what to do where it isn't."""

from commands.doctor.examination import doctor

__all__ = ["doctor"]
