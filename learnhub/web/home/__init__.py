"""Home: what now?"""
