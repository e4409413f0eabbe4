"""What `quality.py` compares with: data sets, systems, measures, and the runner that gives each system its process."""
