<?php
get_header();
echo '<h1>The blog</h1>';
get_footer();
