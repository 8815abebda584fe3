<?php
get_header();
echo '<h1>Page not found</h1>';
get_footer();
