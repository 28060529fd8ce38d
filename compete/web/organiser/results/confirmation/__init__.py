"""Confirmation: the effects of an act, shown before what one hand cannot take back."""
