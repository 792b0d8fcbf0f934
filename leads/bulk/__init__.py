"""What the pages of bulk reassignment read: which leads are chosen, who gets what, what came of it, what goes back."""
