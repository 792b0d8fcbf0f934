"""The numbers of the office, counted in the log. One module a question; reads only.

``scope`` says what every report may be asked, ``calendar`` what a day, a week and a quarter are, ``counting`` which
facts count and in which words SQL says so. Contact data are unknown here: a figure is made of ids, codes and times.
"""
