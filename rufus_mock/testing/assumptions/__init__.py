"""Which tests depend on which assumptions: pytest's option --rufus-assumptions.

pytest loads these modules only if the option is given. `Watch` observes the calls of the handles, and reads the
journals of the mocks before they are emptied. It attributes what they say to the current test. `Results` joins the
tests of all processes. The folder may import spec/, assumptions/ and testing/. It must not touch the world of a mock in
the same process.
"""
