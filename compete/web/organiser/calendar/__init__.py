"""放假安排: the holidays and make-up days by which notices are counted."""
