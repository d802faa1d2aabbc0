"""Where one scan lies in another: rigid registration, with its error shown."""
