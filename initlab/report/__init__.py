"""Reports: claims, figures and tables, written as files that a paper can use."""
