"""The hall: a big screen that anybody who has its link may open."""
